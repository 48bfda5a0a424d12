import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { Code } from "@connectrpc/connect";
import { setTail, takeTail } from "./tail";
import { invalidFields } from "./validation";
import type { Validator } from "./validation";
import { wellFormed } from "./wire-form";

/** A message as it travels. */
export interface EncodedMessage {
  readonly message: Uint8Array;
  readonly tail: Uint8Array | undefined;
}

/** Encodes a message, its tail apart. The message is not changed. */
export function encodeMessage<Desc extends DescMessage>(desc: Desc, message: MessageShape<Desc>): EncodedMessage {
  const taken = takeTail(desc, message);
  return { message: toBinary(desc, taken.message), tail: taken.tail };
}

/**
 * Decodes a message, sets its tail, and checks it.
 *
 * @throws ConnectError with `code` and InvalidFields when it cannot be read or breaks a rule.
 */
export function decodeMessage<Desc extends DescMessage>(
  desc: Desc,
  bytes: Uint8Array,
  tail: Uint8Array,
  code: Code,
  validator: Validator | undefined,
): MessageShape<Desc> {
  let message: MessageShape<Desc>;
  try {
    const formed = wellFormed(desc, bytes);
    if (formed === undefined) {
      throw new Error("its bytes have not the form of a message");
    }
    message = fromBinary(desc, formed);
    if (tail.length > 0) {
      setTail(desc, message, tail);
    }
  } catch (error) {
    throw invalidFields(code, desc, [], error instanceof Error ? error : new Error(String(error)));
  }
  const violations = validator?.(desc, message) ?? [];
  if (violations.length > 0) {
    throw invalidFields(code, desc, violations);
  }
  return message;
}
