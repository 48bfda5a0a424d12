/** What is drawn of time courses: counts, or the change against the mean of what is shown. Pure sums. */
import type { Courses } from "./course-history";

export type CourseUnit = "counts" | "relative";

/** The mean of what there is; undefined where there is nothing. */
export function meanOf(column: readonly (number | null)[]): number | undefined {
  let sum = 0;
  let count = 0;
  for (const value of column) {
    if (value === null) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? undefined : sum / count;
}

/** ΔF/F in percent of the column's own mean; a column that is dark has none. */
export function relative(column: readonly (number | null)[]): (number | null)[] {
  const mean = meanOf(column);
  if (mean === undefined || mean <= 0) return column.map(() => null);
  return column.map((value) => (value === null ? null : (100 * (value - mean)) / mean));
}

/** The columns of these regions, in this order, as they are drawn; times are seconds before the newest. */
export function drawnCourses(
  { timesS, means }: Courses,
  regionIds: readonly string[],
  unit: CourseUnit,
): [number[], ...(number | null)[][]] {
  const newestS = timesS.at(-1) ?? 0;
  const columns = regionIds.map((id) => {
    const column = means.get(id) ?? timesS.map(() => null);
    return unit === "relative" ? relative(column) : [...column];
  });
  return [timesS.map((timeS) => timeS - newestS), ...columns];
}

/** The newest value of a column as it is read. */
export function valueText(value: number | null | undefined, unit: CourseUnit): string {
  if (value === null || value === undefined) return "–";
  if (unit === "counts") return value.toFixed(value >= 1000 ? 0 : 1);
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)} %`;
}
