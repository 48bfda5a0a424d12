import { getOption, ScalarType } from "@bufbuild/protobuf";
import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { revision as revisionOption } from "../../gen/ts/macroscope/rpc/v1/options_pb";

type Values = Record<string, unknown>;

const paths = new WeakMap<DescMessage, readonly DescField[] | undefined>();

/**
 * The fields that lead from a message to its revision, the `uint64` last; undefined when the type has none.
 *
 * @throws Error when the schema marks more than one field, or one that is no singular `uint64` outside of a oneof.
 */
export function revisionPath(desc: DescMessage): readonly DescField[] | undefined {
  if (!paths.has(desc)) {
    const found = findRevisions(desc, []);
    if (found.length > 1) {
      throw new Error(`${desc.typeName} marks more than one field as its revision`);
    }
    paths.set(desc, found[0]);
  }
  return paths.get(desc);
}

/** The revision that a message carries; undefined when its type has none, or the message that holds it is not set. */
export function revisionOf(desc: DescMessage, message: Message): bigint | undefined {
  const path = revisionPath(desc);
  if (path === undefined) {
    return undefined;
  }
  let value: unknown = message;
  for (const field of path) {
    if (value === undefined) {
      return undefined;
    }
    value = (value as Values)[field.localName];
  }
  return value as bigint | undefined;
}

function findRevisions(desc: DescMessage, above: readonly DescMessage[]): DescField[][] {
  const found: DescField[][] = [];
  for (const field of desc.fields) {
    if (getOption(field, revisionOption)) {
      if (field.fieldKind !== "scalar" || field.scalar !== ScalarType.UINT64 || field.oneof !== undefined) {
        throw new Error(`${desc.typeName}.${field.name} is marked as a revision and is no singular uint64`);
      }
      found.push([field]);
    } else if (field.fieldKind === "message" && field.oneof === undefined && !above.includes(field.message)) {
      found.push(...findRevisions(field.message, [...above, desc]).map((path) => [field, ...path]));
    }
  }
  return found;
}
