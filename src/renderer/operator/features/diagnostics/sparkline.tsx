/** How a rate went over the last minute, and how long calls take: small pictures beside the numbers. */
import { KEPT_SECONDS } from "../../../../mirror";
import classes from "./diagnostics.module.css";

const WIDTH = 84;
const HEIGHT = 16;

/** The newest at the right; scaled to the largest shown. Decoration: the number stands beside it. */
export function Sparkline({ values }: { readonly values: readonly number[] }) {
  const most = Math.max(...values, 0);
  const step = WIDTH / (KEPT_SECONDS - 1);
  const points = values.map((value, index) => {
    const x = WIDTH - (values.length - 1 - index) * step;
    const y = most > 0 ? HEIGHT - 1 - (value / most) * (HEIGHT - 2) : HEIGHT - 1;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg className={classes.sparkline} width={WIDTH} height={HEIGHT} aria-hidden="true">
      <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className={classes.axis} />
      {most > 0 && <polyline points={points.join(" ")} className={classes.trace} />}
    </svg>
  );
}

const LEAST_MS = 0.01;
const MOST_MS = 10_000;

/** From the median to the 99th percentile on a logarithmic scale from 10 µs to 10 s. */
export function LatencyBar({ p50Ms, p99Ms }: { readonly p50Ms: number; readonly p99Ms: number }) {
  if (p99Ms <= 0) return <span className={classes.latency} />;
  const from = placeOf(p50Ms);
  const to = placeOf(p99Ms);
  return (
    <span className={classes.latency} aria-hidden="true">
      <span style={{ left: `${from}%`, width: `${Math.max(3, to - from)}%` }} data-slow={p99Ms > 1000 || undefined} />
    </span>
  );
}

function placeOf(ms: number): number {
  const place = Math.log(Math.max(ms, LEAST_MS) / LEAST_MS) / Math.log(MOST_MS / LEAST_MS);
  return 97 * Math.min(1, place);
}
