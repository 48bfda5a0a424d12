import type { DescMessage, Message, MessageInitShape } from "@bufbuild/protobuf";
import { type Code } from "@connectrpc/connect";
import type { ConnectError } from "@connectrpc/connect";
import { InvalidFieldsSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import type { FieldViolationSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { errorWithDetail } from "./status";

/** One broken rule: field (a path such as "settings.exposure_us"), rule (its id), message (in words). */
export type Violation = MessageInitShape<typeof FieldViolationSchema>;

/** Checks a message against the rules of its schema; nothing broken is an empty list. */
export type Validator = (desc: DescMessage, message: Message) => readonly Violation[];

/** The error of a message that breaks rules, or, without violations, of one that cannot be read. */
export function invalidFields(
  code: Code,
  desc: DescMessage,
  violations: readonly Violation[],
  unreadable?: Error,
): ConnectError {
  const found = violations.map(({ field, message }) => (field ? `${field}: ${message ?? ""}` : (message ?? "")));
  const sentence =
    unreadable === undefined
      ? `${desc.name} breaks rules of the schema: ${found.join("; ")}.`
      : `${desc.name} cannot be read: ${unreadable.message}.`;
  return errorWithDetail(code, sentence, InvalidFieldsSchema, {
    messageType: desc.typeName,
    violations: [...violations],
  });
}
