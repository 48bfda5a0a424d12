/** The figures that follow from a configuration, as their descriptor says they are shown: a new one is one more here. */
import { getOption, hasOption } from "@bufbuild/protobuf";
import type { DescMessage } from "@bufbuild/protobuf";
import { DerivedValuesSchema } from "../../gen/ts/macroscope/configuration/v1/settings_pb";
import { parameter as parameterOption } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { isControlField } from "./parameter-values";

/** One figure. */
export interface Figure {
  /** Its field. */
  readonly name: string;
  readonly label: string;
  /** The unit it is shown in. */
  readonly unit: string;
  readonly factor: number;
  readonly decimals: number;
  readonly help: string;
}

/** Figures under one heading. */
export interface FigureGroup {
  readonly heading: string;
  readonly figures: readonly Figure[];
}

/** Seconds beyond this read as minutes. */
const LONGEST_IN_SECONDS = 90;

/** The figures in the order in which the schema names their groups. */
export function figureGroups(desc: DescMessage = DerivedValuesSchema): readonly FigureGroup[] {
  const groups = new Map<string, Figure[]>();
  for (const field of desc.fields) {
    if (!hasOption(field, parameterOption) || !isControlField(field)) continue;
    const option = getOption(field, parameterOption);
    const figures = groups.get(option.group) ?? [];
    groups.set(option.group, figures);
    figures.push({
      name: field.name,
      label: option.label || field.name,
      unit: option.displayUnit || option.unit,
      factor: option.displayFactor || 1,
      decimals: option.decimals,
      help: option.help,
    });
  }
  return [...groups].map(([heading, figures]) => ({ heading, figures }));
}

/** A figure with its unit; long times as minutes and seconds, thousands parted. */
export function figureText({ unit, factor, decimals }: Figure, value: number): string {
  if (unit === "s" && value > LONGEST_IN_SECONDS) return minutesText(value);
  const [whole = "", fraction] = (value * factor).toFixed(decimals).replace("-", "−").split(".");
  const parted = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const text = fraction === undefined ? parted : `${parted}.${fraction}`;
  return unit ? `${text} ${unit}` : text;
}

/** 12:22, and 1:03:41 from an hour on. */
function minutesText(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (part: number) => String(part % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${two(minutes)}:${two(whole)}` : `${Math.floor(minutes / 60)}:${two(minutes)}:${two(whole)}`;
}
