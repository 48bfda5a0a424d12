import { getOption } from "@bufbuild/protobuf";
import type { DescField, DescMessage, Message, MessageShape } from "@bufbuild/protobuf";
import { tail as tailOption } from "../../gen/ts/macroscope/rpc/v1/options_pb";

/** A message and the bytes that travel beside it. */
export interface WithoutTail<T> {
  readonly message: T;
  /** Undefined when the type has no tail, or the field is empty. */
  readonly tail: Uint8Array | undefined;
}

type Values = Record<string, unknown>;

const paths = new WeakMap<DescMessage, readonly DescField[] | undefined>();

/** The fields that lead from a message to its tail, the `bytes` field last; undefined when the type has none. */
export function tailPath(desc: DescMessage): readonly DescField[] | undefined {
  if (!paths.has(desc)) {
    paths.set(desc, findTail(desc, []));
  }
  return paths.get(desc);
}

/** Takes the tail out of a message. The message given is not changed: what lies on the path is copied, shallowly. */
export function takeTail<Desc extends DescMessage>(
  desc: Desc,
  message: MessageShape<Desc>,
): WithoutTail<MessageShape<Desc>> {
  const path = tailPath(desc);
  if (path === undefined) {
    return { message, tail: undefined };
  }
  const last = path.length - 1;
  let holder: Values | undefined = message;
  for (let depth = 0; depth < last && holder !== undefined; depth++) {
    holder = read(holder, path[depth] as DescField) as Values | undefined;
  }
  const tail = holder && (read(holder, path[last] as DescField) as Uint8Array | undefined);
  if (tail === undefined || tail.length === 0) {
    return { message, tail: undefined };
  }
  return { message: copyWithout(message, path, 0) as MessageShape<Desc>, tail };
}

/**
 * Sets a tail that came with a message, as the view it is.
 *
 * @throws Error when the type has no tail, or the message lacks what holds it.
 */
export function setTail(desc: DescMessage, message: Message, tail: Uint8Array): void {
  const path = tailPath(desc);
  if (path === undefined) {
    throw new Error(`${desc.typeName} has no tail, but ${tail.length} bytes came with it`);
  }
  let holder = message as unknown as Values;
  for (const field of path.slice(0, -1)) {
    const next = read(holder, field) as Values | undefined;
    if (next === undefined) {
      throw new Error(`a tail came with ${desc.typeName}, but its field ${field.name} is not set`);
    }
    holder = next;
  }
  write(holder, path[path.length - 1] as DescField, tail);
}

function findTail(desc: DescMessage, above: readonly DescMessage[]): readonly DescField[] | undefined {
  if (above.includes(desc)) {
    return undefined;
  }
  for (const field of desc.fields) {
    if (field.fieldKind === "scalar" && getOption(field, tailOption)) {
      return [field];
    }
    if (field.fieldKind === "message") {
      const below = findTail(field.message, [...above, desc]);
      if (below !== undefined) {
        return [field, ...below];
      }
    }
  }
  return undefined;
}

function read(holder: Values, field: DescField): unknown {
  if (field.oneof === undefined) {
    return holder[field.localName];
  }
  const oneof = holder[field.oneof.localName] as { case?: string; value?: unknown };
  return oneof.case === field.localName ? oneof.value : undefined;
}

function write(holder: Values, field: DescField, value: unknown): void {
  if (field.oneof === undefined) {
    holder[field.localName] = value;
  } else {
    holder[field.oneof.localName] = { case: field.localName, value };
  }
}

function copyWithout(message: object, path: readonly DescField[], depth: number): object {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(message) as object | null), message) as Values;
  const field = path[depth] as DescField;
  if (depth === path.length - 1) {
    write(copy, field, new Uint8Array(0));
  } else {
    write(copy, field, copyWithout(read(copy, field) as object, path, depth + 1));
  }
  return copy;
}
