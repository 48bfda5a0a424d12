/** The stimulus' geometry and times, and the flips of a display. Knows no DOM and no protocol. */
export { barAt, isBrightCheck } from "./bar";
export type { Bar } from "./bar";
export { ClockFit } from "./clock-fit";
export type { FittedClock } from "./clock-fit";
export { FlipLog, MOST_IN_A_BATCH } from "./flip-log";
export type { Flip, FlipColumns } from "./flip-log";
export { FlipTiming } from "./flip-timing";
export type { FlipTimingFigures } from "./flip-timing";
export { greyValues } from "./luminance";
export { isSquareBright, squareRectangle } from "./photodiode-square";
export { DIRECTIONS, readScene, sweepAxis } from "./scene";
export type { StimulusLook, StimulusScene } from "./scene";
export { anglesAt, screenOutline } from "./screen-geometry";
export type { ScreenGeometry, VisualAngles } from "./screen-geometry";
