/** The calls of one process, method by method. */
import { CallSide } from "../../../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { Code as WireCode } from "../../../../../gen/ts/macroscope/rpc/v1/frame_pb";
import type { MethodView, ProcessView } from "../../../../mirror";
import { countText, UNKNOWN } from "../../../shared/quantity-text";
import { durationText, errorsText, methodText, rateText } from "./diagnostics-text";
import { LatencyBar, Sparkline } from "./sparkline";
import classes from "./diagnostics.module.css";

export function MethodTable({ process }: { readonly process: ProcessView }) {
  if (process.methods.length === 0) return <p className={classes.empty}>No calls were counted yet.</p>;
  return (
    <table className={classes.table} aria-label={`Methods of ${process.process}`}>
      <thead>
        <tr>
          <th scope="col">Method</th>
          <th scope="col">Calls</th>
          <th scope="col">Open</th>
          <th scope="col">Errors</th>
          <th scope="col">Median</th>
          <th scope="col">99 %</th>
          <th scope="col">
            <span className={classes.hidden}>From the median to 99 %, on a scale</span>
          </th>
          <th scope="col">Messages</th>
          <th scope="col">Bytes</th>
          <th scope="col">Last minute</th>
          <th scope="col">Skipped</th>
        </tr>
      </thead>
      <tbody>
        {process.methods.map((method) => (
          <Row key={method.key} method={method} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ method }: { readonly method: MethodView }) {
  const { latency, openCalls, errors, skipped } = method;
  // To be given up is the usual end of a stream.
  const faults = errors.filter(({ code }) => code !== WireCode.CANCELED);
  const failed = faults.reduce((sum, { calls }) => sum + calls, 0);
  const way = method.side === CallSide.CLIENT ? "called" : "answered";
  return (
    <tr data-quiet={(method.messagesPerS === 0 && openCalls === 0) || undefined}>
      <th scope="row" title={`${method.method}, ${way} here`}>
        {methodText(method.method)}
      </th>
      <td>{countText(method.calls)}</td>
      <td>{openCalls > 0 ? countText(openCalls) : UNKNOWN}</td>
      <td title={errorsText(errors)} className={failed > 0 ? classes.failed : undefined}>
        {failed > 0 ? countText(failed) : UNKNOWN}
      </td>
      <td>{durationText(latency?.p50Ms ?? 0)}</td>
      <td>{durationText(latency?.p99Ms ?? 0)}</td>
      <td>
        <LatencyBar p50Ms={latency?.p50Ms ?? 0} p99Ms={latency?.p99Ms ?? 0} />
      </td>
      <td>{rateText(method.messagesPerS, "")}</td>
      <td>{rateText(method.bytesPerS, "B")}</td>
      <td>
        <Sparkline values={method.recentBytesPerS} />
      </td>
      <td>{skipped > 0 ? countText(skipped) : UNKNOWN}</td>
    </tr>
  );
}
