/**
 * From protobuf messages to what a Redux store may hold: plain objects, no bigint, no bytes.
 */
import type { Message } from "@bufbuild/protobuf";

/**
 * A message as plain state. 64-bit numbers become `number` (counts, bytes, revisions: below 2^53), except clock readings, whose field names end
 * in `_ns`: those become decimal strings, since nanoseconds of the wall clock do not fit a double. Bytes are left out.
 */
export type Plain<T> = T extends readonly (infer Element)[]
  ? Plain<Element>[]
  : T extends object
    ? {
        [
          Key in keyof T as Key extends "$typeName" | "$unknown" ? never : T[Key] extends Uint8Array ? never : Key
        ]: Key extends `${string}Ns` ? PlainClock<T[Key]> : Plain<T[Key]>;
      }
    : T extends bigint
      ? number
      : T;

type PlainClock<T> = T extends bigint ? string : Plain<T>;

/** The message as plain, serialisable state; see {@link Plain}. */
export function toPlain<T extends Message>(message: T): Plain<T> {
  return plainObject(message) as Plain<T>;
}

function plainObject(source: object): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(source)) {
    if (key === "$typeName" || key === "$unknown" || value instanceof Uint8Array) continue;
    plain[key] = plainValue(key, value);
  }
  return plain;
}

function plainValue(key: string, value: unknown): unknown {
  if (typeof value === "bigint") return key.endsWith("Ns") ? value.toString() : Number(value);
  if (Array.isArray(value)) return value.map((element) => plainValue(key, element));
  if (typeof value === "object" && value !== null) return plainObject(value);
  return value;
}
