/** Who holds the broadcasts open, and who is behind. */
import type { ProcessView } from "../../../../mirror";
import { countText } from "../../../shared/quantity-text";
import { ToneShape, toneText } from "../../../shared/tone";
import { durationText, methodText } from "./diagnostics-text";
import classes from "./diagnostics.module.css";

/** As long as an acknowledgement may take before somebody should look. */
const BEHIND_MS = 1000;
/** Of those that are gone, the newest. */
const MOST_ENDED = 6;

type Receiver = ProcessView["receivers"][number];

export function ReceiverTable({ processes }: { readonly processes: readonly ProcessView[] }) {
  const all = processes.flatMap(({ process, receivers }) => receivers.map((receiver) => ({ process, receiver })));
  const rows = [
    ...all.filter(({ receiver }) => !receiver.ended),
    ...all.filter(({ receiver }) => receiver.ended).slice(-MOST_ENDED),
  ];
  if (rows.length === 0) return <p className={classes.empty}>Nobody holds a broadcast open.</p>;
  return (
    <table className={classes.table} aria-label="Receivers of broadcasts">
      <thead>
        <tr>
          <th scope="col">Broadcast</th>
          <th scope="col" data-text>
            Receiver
          </th>
          <th scope="col" data-text>
            State
          </th>
          <th scope="col">Sent</th>
          <th scope="col">Acknowledged</th>
          <th scope="col">Skipped</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ process, receiver }, index) => (
          <tr key={index} data-quiet={receiver.ended || undefined}>
            <th scope="row" title={receiver.method}>
              {process}: {methodText(receiver.method)}
            </th>
            <td data-text>{receiver.label || "unnamed"}</td>
            <td data-text>
              <State receiver={receiver} />
            </td>
            <td>{countText(receiver.sentRevision)}</td>
            <td>{countText(receiver.acknowledgedRevision)}</td>
            <td>{countText(receiver.skipped)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function State({ receiver }: { readonly receiver: Receiver }) {
  const { ended, reason, behindMs } = receiver;
  const tone = ended ? "quiet" : behindMs > BEHIND_MS ? "warn" : "ok";
  const word = ended ? "gone" : behindMs > BEHIND_MS ? `${durationText(behindMs)} behind` : "up to date";
  return (
    <span className={classes.state} title={ended ? reason : undefined}>
      <ToneShape tone={tone} />
      <span className={toneText[tone]}>{word}</span>
      {ended && reason && <span className={classes.reason}>{reason}</span>}
    </span>
  );
}
