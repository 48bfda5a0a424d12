/** The regions' means of the last minutes, as they come from the worker; the page draws from it. */
import type { WatchTimeCoursesResponse } from "../../../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import type { TimeCourseSink } from "../../../../mirror";

/** As long as the longest window that is shown, and a little. */
export const KEPT_S = 610;
/** What is too old is let go in one go, not one by one. */
const SPARE_SAMPLES = 500;

/** Times and a column for each region, oldest first. */
export interface Courses {
  /** Worker's clock, seconds. */
  readonly timesS: readonly number[];
  /** Counts, by region id; null where a region had no pixel, or was not there yet. */
  readonly means: ReadonlyMap<string, readonly (number | null)[]>;
}

export class CourseHistory implements TimeCourseSink {
  private timesS: number[] = [];
  private means = new Map<string, (number | null)[]>();
  /** Grows with every batch. */
  revision = 0;

  begin(): void {
    this.timesS = [];
    this.means = new Map();
    this.revision += 1;
  }

  add({ regionIds, receivedNs, meanCounts }: WatchTimeCoursesResponse): void {
    this.revision += 1;
    const before = this.timesS.length;
    for (const id of [...this.means.keys()]) if (!regionIds.includes(id)) this.means.delete(id);
    for (const id of regionIds) {
      if (!this.means.has(id)) this.means.set(id, new Array<number | null>(before).fill(null));
    }
    receivedNs.forEach((ns, index) => {
      this.timesS.push(Number(ns) / 1e9);
      regionIds.forEach((id, column) => {
        const mean = meanCounts[index * regionIds.length + column] ?? Number.NaN;
        this.means.get(id)?.push(Number.isNaN(mean) ? null : mean);
      });
    });
    this.letGo();
  }

  /** The samples of so many seconds up to the newest one. */
  last(seconds: number): Courses {
    const newestS = this.timesS.at(-1) ?? 0;
    const first = firstFrom(this.timesS, newestS - seconds);
    return {
      timesS: this.timesS.slice(first),
      means: new Map([...this.means].map(([id, column]) => [id, column.slice(first)])),
    };
  }

  private letGo(): void {
    const newestS = this.timesS.at(-1) ?? 0;
    const first = firstFrom(this.timesS, newestS - KEPT_S);
    if (first < SPARE_SAMPLES) return;
    this.timesS = this.timesS.slice(first);
    this.means = new Map([...this.means].map(([id, column]) => [id, column.slice(first)]));
  }
}

/** The place of the first that is not below; times rise. */
export function firstFrom(timesS: readonly number[], fromS: number): number {
  let low = 0;
  let high = timesS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesS[middle] ?? 0) < fromS) low = middle + 1;
    else high = middle;
  }
  return low;
}
