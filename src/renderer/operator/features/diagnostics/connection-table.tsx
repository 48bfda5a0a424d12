/** Who is connected with whom, and how well. */
import type { ChannelMirror, ProcessView } from "../../../../mirror";
import { useMirror } from "../../../shared/hooks";
import { bytesText, countText, lastingText, millisecondsText, UNKNOWN } from "../../../shared/quantity-text";
import { ToneShape, toneText } from "../../../shared/tone";
import type { Tone } from "../../../shared/tone";
import { clockText, roleText } from "./diagnostics-text";
import classes from "./diagnostics.module.css";

const PHASES: Readonly<Record<ChannelMirror["phase"], readonly [tone: Tone, word: string]>> = {
  connecting: ["busy", "connecting"],
  live: ["ok", "live"],
  stale: ["alarm", "no answer"],
  lost: ["alarm", "lost"],
  refused: ["alarm", "refused"],
};

interface Row {
  readonly key: string;
  readonly who: string;
  readonly tone: Tone;
  readonly word: string;
  readonly role: string;
  readonly roundTrip: string;
  readonly clock: string;
  readonly openCalls: string;
  readonly inFlight: string;
  readonly since: string;
}

/** This window's own channels, then what host and worker see at their ends. */
export function ConnectionTable({ processes }: { readonly processes: readonly ProcessView[] }) {
  const { host, worker } = useMirror((state) => state.connection);
  const rows = [
    ...(host ? [ownRow("This window → host", host)] : []),
    ownRow("This window → worker", worker),
    ...processes.flatMap(servedRows),
  ];
  return (
    <table className={classes.table} aria-label="Connections">
      <thead>
        <tr>
          <th scope="col">Connection</th>
          <th scope="col" data-text>
            State
          </th>
          <th scope="col" data-text>
            Role
          </th>
          <th scope="col">Round trip</th>
          <th scope="col">Other clock</th>
          <th scope="col">Open calls</th>
          <th scope="col">In flight</th>
          <th scope="col">Since</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">{row.who}</th>
            <td data-text>
              <span className={classes.state}>
                <ToneShape tone={row.tone} />
                <span className={toneText[row.tone]}>{row.word}</span>
              </span>
            </td>
            <td data-text>{row.role}</td>
            <td>{row.roundTrip}</td>
            <td>{row.clock}</td>
            <td>{row.openCalls}</td>
            <td>{row.inFlight}</td>
            <td>{row.since}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ownRow(who: string, channel: ChannelMirror): Row {
  const [tone, word] = PHASES[channel.phase];
  // Of a connection that is no more, old figures say nothing.
  const live = channel.phase === "live";
  return {
    key: who,
    who,
    tone,
    word: channel.attempt > 1 && channel.phase !== "live" ? `${word}, attempt ${channel.attempt}` : word,
    role: channel.server ? roleText(channel.server.role) : UNKNOWN,
    roundTrip: live && channel.roundTripMs !== null ? millisecondsText(channel.roundTripMs) : UNKNOWN,
    clock: clockText(live ? channel.clock : null),
    openCalls: UNKNOWN,
    inFlight: UNKNOWN,
    since: channel.sinceMs > 0 ? lastingText((Date.now() - channel.sinceMs) / 1000) : UNKNOWN,
  };
}

const NS_PER_MS = 1e6;
/** Twice the idle time: what makes a channel stale. */
const SILENT_MS = 2000;

function servedRows({ process, connections }: ProcessView): Row[] {
  return connections.map((connection, index) => {
    const { label, role, state, clock, silenceMs } = connection;
    const silent = silenceMs > SILENT_MS;
    return {
      key: `${process} ${index}`,
      who: `${process} ← ${label || "unnamed"}`,
      tone: silent ? "alarm" : state === "open" ? "ok" : "busy",
      word: silent ? `silent for ${lastingText(silenceMs / 1000)}` : state,
      role: roleText(role),
      roundTrip: clock ? millisecondsText(Number(clock.roundTripNs) / NS_PER_MS) : UNKNOWN,
      clock: clockText(
        clock && { offsetMs: Number(clock.offsetNs) / NS_PER_MS, errorMs: Number(clock.errorNs) / NS_PER_MS },
      ),
      openCalls: countText(connection.openCalls),
      inFlight: connection.bytesInFlight > 0 ? bytesText(connection.bytesInFlight) : UNKNOWN,
      since: lastingText(connection.connectedS),
    };
  });
}
