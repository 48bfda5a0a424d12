/** From parts of the screen's full luminance to pixel values. */
import type { StimulusLook } from "./scene";

/** Pixel values from 0 to 1. */
export interface GreyValues {
  readonly background: number;
  readonly bright: number;
  readonly dark: number;
}

/** What is shown before anybody has said how grey: half of the luminance of a usual screen. */
const UNSET = { background: 0.5, contrast: 0.5, gamma: 2.2 };

/** The pixel value that gives a luminance on a screen of this gamma: luminance = value^gamma. */
export function pixelValue(luminance: number, gamma: number): number {
  return Math.min(1, Math.max(0, luminance)) ** (1 / gamma);
}

/** The three greys of a stimulus. */
export function greyValues({
  background,
  contrast,
  gamma,
}: Pick<StimulusLook, "background" | "contrast" | "gamma"> = UNSET): GreyValues {
  return {
    background: pixelValue(background, gamma),
    bright: pixelValue(background + contrast, gamma),
    dark: pixelValue(background - contrast, gamma),
  };
}
