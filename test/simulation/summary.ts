import type { SimulationResult } from "./simulate";

/** How often what happened, over all seeds, so that a fault that never happens is seen. */
export function totals(results: readonly SimulationResult[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { counts } of results) {
    for (const [name, count] of counts) {
      sums.set(name, (sums.get(name) ?? 0) + count);
    }
  }
  return sums;
}

/** The result of many seeds as text. */
export function summarize(results: readonly SimulationResult[], tookMs: number): string {
  const failed = results.filter(({ objections }) => objections.length > 0);
  const lastedS = results.reduce((sum, { lastedMs }) => sum + lastedMs, 0) / 1000;
  const lines = [...totals(results)].sort(([one], [other]) => one.localeCompare(other));
  const only = results.length === 1 ? ` The trace of ${results[0]?.lines} lines has the hash ${results[0]?.hash}.` : "";
  return [
    ...lines.map(([name, count]) => `${String(count).padStart(9)}  ${name}`),
    `${results.length} seeds, ${Math.round(lastedS)} s of their time in ${(tookMs / 1000).toFixed(1)} s; ${failed.length} failed.${only}`,
  ].join("\n");
}
