/** The regions' colours: told apart on grey, by colour-blind eyes too, and none the red that marks saturation. The second eight are dashed. */

const COLOURS = ["#f2c14e", "#6cc5ff", "#ff9ad5", "#a2e67a", "#ffa263", "#c0adff", "#5fe3cf", "#efece6"] as const;

/** How a region's outline and its line are drawn. */
export interface RegionStyle {
  readonly colour: string;
  /** Lengths of dash and gap; undefined: a whole line. */
  readonly dash: readonly [number, number] | undefined;
}

/** How many there are. */
export const REGION_STYLES = 2 * COLOURS.length;

/** @param index - the region's number of a colour. */
export function regionStyle(index: number): RegionStyle {
  return {
    colour: COLOURS[index % COLOURS.length] ?? COLOURS[0],
    dash: index % REGION_STYLES >= COLOURS.length ? [6, 4] : undefined,
  };
}
