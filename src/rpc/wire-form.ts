import { ScalarType } from "@bufbuild/protobuf";
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { getTextEncoding } from "@bufbuild/protobuf/wire";

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const GROUP = 3;
const GROUP_END = 4;
const FIXED32 = 5;

const MOST_FIELD_NUMBER = 2 ** 29 - 1;
/** Groups in each other; as in the Python decoder. */
const MOST_GROUP_DEPTH = 100;

/** The known fields of a message, by number. */
interface Form {
  readonly fields: ReadonlyMap<number, FieldForm>;
  /** An entry of a map: left out wholly when its key or value is of another wire type. */
  readonly entry: boolean;
}

interface FieldForm {
  readonly wireType: number;
  /** Its content is a message too. */
  readonly inner: Form | undefined;
  /** Its content is text. */
  readonly text?: boolean;
}

const forms = new WeakMap<DescMessage, Form>();

/**
 * The bytes of a message, if they have the form of one: every length within what encloses it, every varint and group ended. What the Python decoder
 * passes over is left out: known fields of another wire type, groups, fields of number 0 in groups and entries of maps. Mostly there are none, and the
 * bytes are given back as they are. Undefined when they have not the form of a message.
 *
 * Whoever reads untrusted bytes with protobuf-es needs this before: it reads on beyond the end of a nested message, and reads a field by its schema
 * whatever the wire type says.
 */
export function wellFormed(desc: DescMessage, bytes: Uint8Array): Uint8Array | undefined {
  const walk = new WireWalk(bytes);
  if (!walk.message(formOf(desc), bytes.length)) {
    return undefined;
  }
  if (walk.clean) {
    return bytes;
  }
  const second = new WireWalk(bytes);
  const rest = second.rest(formOf(desc), bytes.length);
  return second.badText ? undefined : rest;
}

class WireWalk {
  /** Nothing is to be left out. */
  clean = true;
  /** An entry that is left out holds text that is none; in what is kept, whoever decodes it sees that. */
  badText = false;
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Passes over a message that ends there; false when it has not the form of one. */
  message(form: Form, end: number): boolean {
    while (this.#at < end) {
      const tag = this.#tag(end, form.entry);
      if (tag < 0) {
        return false;
      }
      const field = form.fields.get(Math.floor(tag / 8));
      const wireType = tag & 7;
      if (field?.inner !== undefined && wireType === LENGTH_DELIMITED) {
        const innerEnd = this.#lengthEnd(end);
        if (innerEnd < 0 || !this.message(field.inner, innerEnd)) {
          return false;
        }
      } else if (!this.#skip(tag, end, 0)) {
        return false;
      }
      this.clean &&= isKept(tag, field);
    }
    return true;
  }

  /** A message that has the form of one; undefined for an entry that is left out; without what is to be left out. */
  rest(form: Form, end: number): Uint8Array | undefined {
    let mistaken = false;
    let badText = false;
    const kept: Uint8Array[] = [];
    while (this.#at < end) {
      const start = this.#at;
      const tag = this.#tag(end, form.entry);
      const field = form.fields.get(Math.floor(tag / 8));
      if (field?.inner !== undefined && (tag & 7) === LENGTH_DELIMITED) {
        const tagEnd = this.#at;
        const inner = this.rest(field.inner, this.#lengthEnd(end));
        if (inner !== undefined) {
          kept.push(this.bytes.subarray(start, tagEnd), varint(inner.length), inner);
        }
        continue;
      }
      this.#skip(tag, end, 0);
      if (isKept(tag, field)) {
        kept.push(this.bytes.subarray(start, this.#at));
      }
      mistaken ||= field !== undefined && field.wireType !== (tag & 7);
      badText ||= form.entry && field?.text === true && (tag & 7) === LENGTH_DELIMITED && !this.#isText(start);
    }
    if (form.entry && mistaken) {
      this.badText ||= badText;
      return undefined;
    }
    return joined(kept);
  }

  #skip(tag: number, end: number, groupDepth: number): boolean {
    switch (tag & 7) {
      case VARINT:
        return this.#varint(end) >= 0;
      case FIXED64:
        return this.#pass(8, end);
      case FIXED32:
        return this.#pass(4, end);
      case LENGTH_DELIMITED: {
        const to = this.#lengthEnd(end);
        this.#at = to;
        return to >= 0;
      }
      case GROUP:
        return this.#group(Math.floor(tag / 8), end, groupDepth + 1);
      default:
        return false;
    }
  }

  #group(number: number, end: number, depth: number): boolean {
    while (depth <= MOST_GROUP_DEPTH && this.#at < end) {
      const tag = this.#tag(end, true);
      if (tag < 0) {
        return false;
      }
      if ((tag & 7) === GROUP_END) {
        return Math.floor(tag / 8) === number;
      }
      if (!this.#skip(tag, end, depth)) {
        return false;
      }
    }
    return false;
  }

  /** A tag of a field that can be; negative for none. */
  #tag(end: number, zero: boolean): number {
    const start = this.#at;
    const tag = this.#varint(end);
    return tag >= (zero ? 0 : 8) && tag < (MOST_FIELD_NUMBER + 1) * 8 && this.#at - start <= 5 ? tag : -1;
  }

  /** Where what follows a length ends; negative when that is too far. */
  #lengthEnd(end: number): number {
    const length = this.#varint(end);
    return length < 0 || length > end - this.#at ? -1 : this.#at + length;
  }

  /** Whether the field that was passed over, and began there, holds text. */
  #isText(start: number): boolean {
    const end = this.#at;
    this.#at = start;
    this.#varint(end);
    this.#varint(end);
    const text = this.bytes.subarray(this.#at, end);
    this.#at = end;
    try {
      getTextEncoding().decodeUtf8(text, true);
      return true;
    } catch {
      return false;
    }
  }

  #pass(bytes: number, end: number): boolean {
    this.#at += bytes;
    return this.#at <= end;
  }

  /** Negative when it does not end within ten bytes. Above 2^53 not exact. */
  #varint(end: number): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10 && this.#at < end; count++) {
      const byte = this.bytes[this.#at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        // The tenth holds one bit.
        return count === 9 && byte > 1 ? -1 : value;
      }
      factor *= 128;
    }
    return -1;
  }
}

function isKept(tag: number, field: FieldForm | undefined): boolean {
  const wireType = tag & 7;
  return tag >= 8 && wireType !== GROUP && (field === undefined || field.wireType === wireType);
}

function formOf(desc: DescMessage): Form {
  let form = forms.get(desc);
  if (form === undefined) {
    const fields = new Map<number, FieldForm>();
    form = { fields, entry: false };
    // Before its fields: a message may hold itself.
    forms.set(desc, form);
    desc.fields.forEach((field) => fields.set(field.number, fieldForm(field)));
  }
  return form;
}

function fieldForm(field: DescField): FieldForm {
  switch (field.fieldKind) {
    case "message":
      return { wireType: LENGTH_DELIMITED, inner: formOf(field.message) };
    case "list":
      return { wireType: LENGTH_DELIMITED, inner: field.listKind === "message" ? formOf(field.message) : undefined };
    case "map": {
      const value = field.mapKind === "scalar" ? scalarForm(field.scalar) : undefined;
      const message =
        field.mapKind === "message" ? { wireType: LENGTH_DELIMITED, inner: formOf(field.message) } : undefined;
      const key = scalarForm(field.mapKey);
      const enumValue = { wireType: VARINT, inner: undefined };
      const fields = new Map([[1, key]]).set(2, value ?? message ?? enumValue);
      return { wireType: LENGTH_DELIMITED, inner: { fields, entry: true } };
    }
    case "enum":
      return { wireType: VARINT, inner: undefined };
    case "scalar":
      return { wireType: wireTypeOf(field.scalar), inner: undefined };
  }
}

function scalarForm(scalar: ScalarType): FieldForm {
  return { wireType: wireTypeOf(scalar), inner: undefined, text: scalar === ScalarType.STRING };
}

function wireTypeOf(scalar: ScalarType): number {
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return LENGTH_DELIMITED;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return FIXED64;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return FIXED32;
    default:
      return VARINT;
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) {
    bytes.push((rest & 0x7f) | 0x80);
  }
  return Uint8Array.of(...bytes, rest);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
