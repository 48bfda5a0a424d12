/** The stress test's report, as lines to read. */
import type { StressOrder, StressReport } from "./order";
import { trendOf } from "./verdict";

const columns = (cells: readonly (string | number)[]) =>
  cells.map((cell, index) => (index === 0 ? String(cell).padEnd(10) : String(cell).padStart(12))).join("");

/** One line for each window, then one for each process. */
export function table({ windows, processes }: StressReport, { seconds }: StressOrder): string[] {
  const lines = [
    columns([
      "window",
      "sent",
      "answered",
      "a second",
      "p50 ms",
      "p99 ms",
      "most ms",
      "pictures/s",
      "skipped",
      "slowest",
    ]),
  ];
  windows.forEach((window, index) => {
    const { sent, answered, p50Ms, p99Ms, mostMs, pictures, skipped, slowest } = window;
    const times = [p50Ms, p99Ms, mostMs].map((ms) => ms.toFixed(1));
    const rates = [(answered / seconds).toFixed(1), ...times, (pictures / seconds).toFixed(1), skipped, `  ${slowest}`];
    lines.push(columns([`window ${String(index + 1)}`, sent, answered, ...rates]));
  });
  const [sent, answered] = [
    windows.reduce((sum, each) => sum + each.sent, 0),
    windows.reduce((sum, each) => sum + each.answered, 0),
  ];
  lines.push(columns(["all", sent, answered, (answered / seconds).toFixed(1)]), "");
  lines.push(columns(["process", "MB then", "MB at end", "MB/min", "files more"]));
  for (const process of processes) {
    const trend = trendOf(process);
    if (!trend) continue;
    const { name, firstMb, lastMb, slopeMbPerMinute, filesMore } = trend;
    const figures = [firstMb, lastMb, slopeMbPerMinute].map((mb) => mb.toFixed(1));
    lines.push(columns([name, ...figures, filesMore ?? "unknown"]));
  }
  return lines;
}
