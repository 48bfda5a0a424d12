/** Judges what the stress test's windows and processes report. */
import type { ProcessReport, ProcessSample, StressOrder, StressReport } from "./order";

/** What is left of the rate that was asked for, at least. */
const LEAST_RATE_SHARE = 0.99;
/** Pictures a second in each window that shows them, at least: the camera makes 30. */
const LEAST_PICTURES_HZ = 5;
/** The first part of a run is not looked at for growth: caches fill, code is compiled. */
const WARM_UP_SHARE = 0.4;
/** A shorter run says nothing about growth. */
const SHORTEST_FOR_GROWTH_S = 45;

/** What a process may grow by, MB a minute. Measured: collectors of garbage move it by some MB either way. */
const MOST_GROWTH_MB_PER_MINUTE = 6;
/** Open files may differ by so many: the worker's log, a connection being made. */
const MOST_FILES_MORE = 3;

/** How a process changed after the warm-up. */
export interface ProcessTrend {
  readonly name: string;
  readonly firstMb: number;
  readonly lastMb: number;
  readonly slopeMbPerMinute: number;
  readonly filesMore: number | undefined;
}

/** The slope of the straight line nearest to all samples. */
function slope(samples: readonly ProcessSample[]): number {
  const mean = (value: (sample: ProcessSample) => number) =>
    samples.reduce((sum, sample) => sum + value(sample), 0) / samples.length;
  const [meanAt, meanMb] = [mean((s) => s.atMs), mean((s) => s.memoryMb)];
  const over = samples.reduce((sum, s) => sum + (s.atMs - meanAt) * (s.memoryMb - meanMb), 0);
  const under = samples.reduce((sum, s) => sum + (s.atMs - meanAt) ** 2, 0);
  return under === 0 ? 0 : (over / under) * 60_000;
}

/** Undefined without samples. Where a process was looked at after collections of its garbage, those samples count and no others. */
export function trendOf({ name, samples }: ProcessReport): ProcessTrend | undefined {
  const lastAt = samples.at(-1)?.atMs ?? 0;
  const collected = samples.filter((sample) => sample.collected);
  const warm = collected.length > 1 ? collected : samples.filter(({ atMs }) => atMs >= lastAt * WARM_UP_SHARE);
  const [first, last] = [warm[0], warm.at(-1)];
  if (!first || !last) return undefined;
  const filesMore = first.files === undefined || last.files === undefined ? undefined : last.files - first.files;
  return { name, firstMb: first.memoryMb, lastMb: last.memoryMb, slopeMbPerMinute: slope(warm), filesMore };
}

function growthFaults(processes: readonly ProcessReport[]): string[] {
  return processes.flatMap((process) => {
    const trend = trendOf(process);
    if (!trend) return [];
    const faults: string[] = [];
    if (trend.slopeMbPerMinute > MOST_GROWTH_MB_PER_MINUTE)
      faults.push(`${trend.name} grew by ${trend.slopeMbPerMinute.toFixed(1)} MB a minute.`);
    if ((trend.filesMore ?? 0) > MOST_FILES_MORE)
      faults.push(`${trend.name} has ${String(trend.filesMore)} files open more than before.`);
    return faults;
  });
}

/** What is wrong; empty when nothing is. */
export function faultsOf(report: StressReport, order: StressOrder): string[] {
  const faults: string[] = [];
  report.windows.forEach((window, index) => {
    const name = `window ${String(index + 1)}`;
    const lost = window.sent - window.answered - window.failed;
    if (window.failed > 0) faults.push(`${name}: ${String(window.failed)} commands failed; ${window.firstFailure}`);
    if (lost > 0) faults.push(`${name}: ${String(lost)} commands have no answer.`);
    if (window.outOfOrder > 0)
      faults.push(`${name}: ${String(window.outOfOrder)} answers out of order; ${window.firstDisorder}.`);
    if (window.endedTwice > 0) faults.push(`${name}: ${String(window.endedTwice)} calls ended twice.`);
    if (index < order.previews && window.pictures < LEAST_PICTURES_HZ * order.seconds)
      faults.push(`${name}: only ${String(window.pictures)} pictures.`);
  });
  const answered = report.windows.reduce((sum, window) => sum + window.answered, 0);
  const rate = answered / order.seconds;
  if (rate < LEAST_RATE_SHARE * order.commandsPerSecond) faults.push(`Only ${rate.toFixed(0)} commands a second.`);
  const revisions = new Set(report.windows.map(({ revision }) => revision));
  if (revisions.size > 1) faults.push(`The mirrors do not agree: revisions ${[...revisions].join(", ")}.`);
  if (order.seconds >= SHORTEST_FOR_GROWTH_S) faults.push(...growthFaults(report.processes));
  return faults;
}
