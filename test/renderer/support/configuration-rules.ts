/** The schema's rules of a configuration, evaluated as the worker does; and figures for them that are near enough for a screen seen face on. */
import { create } from "@bufbuild/protobuf";
import type { DescMessage, Message } from "@bufbuild/protobuf";
import { pathToString } from "@bufbuild/protobuf/reflect";
import { createValidator } from "@bufbuild/protovalidate";
import {
  ConfigurationSchema,
  DerivedValuesSchema,
  EvaluatedConfigurationSchema,
} from "../../../gen/ts/macroscope/configuration/v1/settings_pb";
import type { DerivedValues } from "../../../gen/ts/macroscope/configuration/v1/settings_pb";
import type { ParameterValues } from "../../../src/mirror";
import { buildMessage } from "../../../src/mirror/parameter-values";

export interface BrokenRule {
  readonly path: string;
  readonly message: string;
  readonly ruleId: string;
}

const validator = createValidator();

/** The rules that these values break, each at the field that it is shown at. */
export function brokenRules(values: ParameterValues): readonly BrokenRule[] {
  const configuration = buildMessage(ConfigurationSchema, values);
  const own = violations(ConfigurationSchema, configuration).map(({ path, message, ruleId }) =>
    // A rule of a group starts with the name of the field that it is shown at.
    ({ path: path.includes(".") ? path : `${path}.${ruleId.split(".")[0] ?? ""}`, message, ruleId }),
  );
  if (own.length > 0) return own;
  const evaluated = create(EvaluatedConfigurationSchema, { configuration, derived: derivedValues(values) });
  return violations(EvaluatedConfigurationSchema, evaluated).map(({ message, ruleId }) => ({
    path: ruleId.split(".").slice(0, 2).join("."),
    message,
    ruleId,
  }));
}

function violations(desc: DescMessage, message: Message): readonly BrokenRule[] {
  const result = validator.validate(desc, message);
  if (result.kind === "error") throw result.error;
  if (result.kind === "valid") return [];
  return result.violations.map(({ field, ruleId, message: words }) => ({
    path: pathToString(field),
    message: words,
    ruleId,
  }));
}

/** What would follow. */
export function derivedValues(values: ParameterValues): DerivedValues {
  const of = (path: string, otherwise: number) => Number(values[path] ?? otherwise);
  const halfDeg = (size: string) => (Math.atan(of(size, 1) / 2 / of("display.distance_cm", 25)) * 180) / Math.PI;
  const [azimuth, altitude] = [halfDeg("display.width_cm"), halfDeg("display.height_cm")];
  const bar = of("stimulus.bar_width_deg", 20);
  const speed = of("stimulus.drift_speed_deg_per_s", 9);
  const [horizontal, vertical] = [2 * azimuth + bar, 2 * altitude + bar];
  const directions = values["acquisition.directions"];
  const count = typeof directions === "object" ? directions.length : 0;
  const perDirection = of("acquisition.sweeps_per_direction", 1);
  const sweeps = count * perDirection;
  const runS =
    2 * of("acquisition.baseline_s", 0) +
    Math.max(0, sweeps - 1) * of("acquisition.between_sweeps_s", 0) +
    (sweeps * (horizontal + vertical)) / 2 / speed;
  const frames = Math.round(runS * 30);
  return create(DerivedValuesSchema, {
    azimuthMinDeg: -azimuth,
    azimuthMaxDeg: azimuth,
    altitudeMinDeg: -altitude,
    altitudeMaxDeg: altitude,
    pixelDeg: (2 * azimuth) / of("display.width_px", 1),
    horizontalSweepDeg: horizontal,
    verticalSweepDeg: vertical,
    horizontalSweepS: horizontal / speed,
    verticalSweepS: vertical / speed,
    sweeps,
    runS,
    frames: BigInt(frames),
    bytesNeeded: BigInt(frames) * 2_097_152n,
  });
}
