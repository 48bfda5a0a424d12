import { createValidator } from "@bufbuild/protovalidate";
import { pathToString } from "@bufbuild/protobuf/reflect";
import type { Validator } from "./validation";

/**
 * A validator that evaluates the rules of the schema (protovalidate). It is large, so it stands apart: a window may do without it, since
 * what it sends is checked where it arrives.
 */
export function protovalidator(): Validator {
  const validator = createValidator();
  return (desc, message) => {
    const result = validator.validate(desc, message);
    switch (result.kind) {
      case "valid":
        return [];
      case "invalid":
        return result.violations.map(({ field, ruleId, message: words }) => ({
          field: pathToString(field),
          rule: ruleId,
          message: words,
        }));
      case "error":
        // The rule itself is broken; that is a fault of the schema, not of the message.
        throw result.error;
    }
  };
}
