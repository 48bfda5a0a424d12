/** The view as a message between windows. */
import { create } from "@bufbuild/protobuf";
import { ViewSchema } from "../../../gen/ts/macroscope/view/v1/view_pb";
import type { View } from "../../../gen/ts/macroscope/view/v1/view_pb";
import type { ViewMirror } from "../../mirror";

/** The view with every field. */
export function viewToMessage(view: ViewMirror): View {
  const { black, white, automatic, gamma, markSaturated, showRegions, referenceId, referenceOpacity } = view;
  return create(ViewSchema, {
    black,
    white,
    automatic,
    gamma,
    markSaturated,
    showRegions,
    referenceId,
    referenceOpacity,
  });
}

const FIELDS = [
  "black",
  "white",
  "automatic",
  "gamma",
  "markSaturated",
  "showRegions",
  "referenceId",
  "referenceOpacity",
] as const satisfies readonly (keyof ViewMirror)[];

/** What is present in a message. */
export function viewFromMessage(message: View): Partial<ViewMirror> {
  const present = FIELDS.flatMap((field) => (message[field] === undefined ? [] : [[field, message[field]] as const]));
  return Object.fromEntries(present);
}
