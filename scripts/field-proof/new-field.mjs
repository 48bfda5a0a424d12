// The field that the proof adds to the stimulus settings, and what is to be seen of it. Node built-ins only.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The file that a person would edit, and no other. */
export const PROTO_FILE = path.join("proto", "macroscope", "configuration", "v1", "stimulus.proto");

/** What its schema says. */
export const FIELD = {
  path: "stimulus.jitter_deg",
  label: "Jitter",
  unit: "°",
  group: "Bar",
  help: "How far the bar is moved by chance from sweep to sweep.",
  default: 1.5,
  minimum: 0,
  maximum: 10,
  // A rule that only the worker evaluates, so that its words can be seen to reach the field.
  ruleWords: "must be a whole number of half degrees",
};

const TEXT = `  optional double jitter_deg = 90 [
    (buf.validate.field).double = {
      gte: ${FIELD.minimum}
      lte: ${FIELD.maximum}
      finite: true
    },
    (buf.validate.field).cel = {
      id: "jitter_deg.half_degrees"
      message: "${FIELD.ruleWords}"
      expression: "double(int(this * 2.0)) == this * 2.0"
    },
    (macroscope.rpc.v1.parameter) = {
      label: "${FIELD.label}"
      unit: "${FIELD.unit}"
      group: "${FIELD.group}"
      help: "${FIELD.help}"
      default_json: "${FIELD.default}"
      decimals: 2
      slider: SLIDER_LINEAR
    }
  ];
`;

/**
 * The schema with the field: its text stands at the end of StimulusSettings.
 * @param {string} proto
 */
function withField(proto) {
  const start = proto.indexOf("message StimulusSettings {");
  const end = proto.indexOf("\n}\n", start);
  if (start < 0 || end < 0) throw new Error("There is no message StimulusSettings to add a field to.");
  return `${proto.slice(0, end + 1)}${TEXT}${proto.slice(end + 1)}`;
}

/**
 * Adds the field to a checkout.
 * @param {string} folder
 */
export function addField(folder) {
  const file = path.join(folder, PROTO_FILE);
  writeFileSync(file, withField(readFileSync(file, "utf8")));
}
