/** What released versions said, as test/vectors/record-release.ts wrote it down. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createFileRegistry, fromBinary, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import type { DescMessage, FileRegistry, JsonObject } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { SessionCall } from "../vectors/session";
import type { Language } from "./programs";

const folder = path.resolve(import.meta.dirname, "../vectors/releases");

/** A frame, and who sent it. */
export interface RecordedFrame {
  readonly from: "client" | "server";
  readonly bytes: Uint8Array;
}

/** One session between two programs of a release. */
export interface Recording {
  /** Of the protocol. */
  readonly version: string;
  readonly client: Language;
  readonly server: Language;
  /** How the client's calls came out. */
  readonly calls: readonly SessionCall[];
  readonly frames: readonly RecordedFrame[];
  readonly schema: ReleasedSchema;
}

interface Line {
  readonly from: "client" | "server";
  readonly head: string;
  readonly tail?: { readonly bytes: number; readonly repeated: number } | { readonly hex: string };
}

/** All recordings of all releases. */
export function recordings(): Recording[] {
  const versions = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return versions.flatMap(({ name: version }) => {
    const schema = new ReleasedSchema(path.join(folder, version, "schema.binpb"));
    const files = readdirSync(path.join(folder, version)).filter((name) => name.endsWith(".jsonl"));
    return files.map((name) => {
      const [first = "", ...lines] = readFileSync(path.join(folder, version, name), "utf8")
        .trimEnd()
        .split("\n");
      const facts = JSON.parse(first) as Pick<Recording, "client" | "server" | "calls">;
      return { version, schema, ...facts, frames: lines.map((line) => frameOf(JSON.parse(line) as Line)) };
    });
  });
}

function frameOf({ from, head, tail }: Line): RecordedFrame {
  const parts = [Buffer.from(head, "hex")];
  if (tail !== undefined) {
    parts.push("hex" in tail ? Buffer.from(tail.hex, "hex") : Buffer.alloc(tail.bytes, tail.repeated));
  }
  return { from, bytes: Uint8Array.from(Buffer.concat(parts)) };
}

/** What a frame says. */
export interface Said {
  /** Frames with the same key follow each other: those of one call, those of the link, the rest. */
  readonly key: string;
  /** The envelope's kind; "unknown" when the schema has no such kind. */
  readonly kind: string;
  readonly value: JsonObject;
  readonly tailBytes: number;
  /** The whole frame. */
  readonly bytes: Uint8Array;
}

/** The schema of a release: how its programs read what they get. */
export class ReleasedSchema {
  readonly #registry: FileRegistry;

  constructor(image: string) {
    this.#registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(image)));
  }

  /** Reads a frame as a program of the release does. */
  read(frame: Uint8Array): Said {
    const view = new DataView(frame.buffer, frame.byteOffset);
    const ofLink = view.getUint32(4, true) === 0;
    const envelope = frame.subarray(16, 16 + view.getUint32(8, true));
    const desc = this.message(`macroscope.rpc.v1.${ofLink ? "LinkEnvelope" : "Envelope"}`);
    const json = toJson(desc, fromBinary(desc, envelope), { registry: this.#registry }) as Record<string, JsonObject>;
    const [kind = "unknown", value = {}] = Object.entries(json)[0] ?? [];
    const call = value.call;
    const key = ofLink ? "link" : typeof call === "number" ? `call ${call}` : "connection";
    return { key, kind, value, tailBytes: view.getUint32(12, true), bytes: frame };
  }

  /** A frame of credit, as a program of the release writes it, on the lane and the connection of another frame. */
  credit(credit: JsonObject, like: Uint8Array): Uint8Array {
    const desc = this.message("macroscope.rpc.v1.Envelope");
    const envelope = toBinary(desc, fromJson(desc, { credit }));
    const header = Buffer.from(like.subarray(0, 16));
    header.writeUInt32LE(envelope.length, 8);
    header.writeUInt32LE(0, 12);
    return Buffer.concat([header, envelope]);
  }

  message(name: string): DescMessage {
    const desc = this.#registry.getMessage(name);
    if (desc === undefined) {
      throw new Error(`The release knows no ${name}.`);
    }
    return desc;
  }
}
