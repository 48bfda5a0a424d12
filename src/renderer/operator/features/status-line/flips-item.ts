/** What the status line says of the stimulus: whether it is shown, how evenly, and what was missed. */
import type { MirrorState } from "../../../../mirror";
import { countText, millisecondsText, rateText, UNKNOWN } from "../../../shared/quantity-text";
import type { StatusItemProps } from "./status-item";
import { standing } from "./status-items";
import type { Standing } from "./status-items";

/** A batch comes several times a second; without one for so long nothing is known of the glass. */
const SILENT_AFTER_MS = 2000;

const NS_PER_MS = 1e6;

type StimulusMirror = NonNullable<MirrorState["stimulus"]["current"]>["state"];

export function flipsItem(state: MirrorState, nowMs: number): StatusItemProps {
  const current = state.stimulus.current;
  const stimulus = current?.state;
  const figures = stimulus?.figures;
  const shown = stimulus?.attached === true && figures !== undefined;
  const missed = figures?.missedRefreshes ?? 0;
  return {
    name: "Flips",
    // Without flips nothing changes, so an old state is not a stale one; with them it is.
    ...(shown ? standing(state, nowMs, current?.receivedAtMs ?? 0, word(stimulus)) : word(stimulus)),
    figures: shown ? `${rateText(figures.refreshRateHz)}, ${countText(missed)} missed` : "",
    details: [
      ["Stimulus window", stimulus?.attached ? "shows what it is told" : stimulus?.lostReason || "none is open"],
      ["Drawn by", stimulus?.display?.renderer || UNKNOWN],
      ["Refresh rate", figures && figures.refreshRateHz > 0 ? rateText(figures.refreshRateHz) : UNKNOWN],
      ["Jitter", figures ? millisecondsText(figures.jitterMs) : UNKNOWN],
      ["Longest time between two", figures ? millisecondsText(figures.longestMs) : UNKNOWN],
      ["Missed since attached", figures ? countText(missed) : UNKNOWN],
      ["Missed in this run", figures ? countText(figures.runMissedRefreshes) : UNKNOWN],
      ["Clock known to", clockText(figures)],
    ],
  };
}

function clockText(figures: StimulusMirror["figures"]): string {
  return figures?.clock ? millisecondsText(Number(figures.clock.errorNs) / NS_PER_MS) : UNKNOWN;
}

function word(stimulus: StimulusMirror | undefined): Standing {
  if (!stimulus) return { tone: "quiet", word: "unknown" };
  if (!stimulus.attached) return stimulus.lostReason ? { tone: "warn", word: "lost" } : { tone: "quiet", word: "none" };
  const { figures } = stimulus;
  if (!figures || (figures.lastBatchAgeMs ?? 0) > SILENT_AFTER_MS) return { tone: "alarm", word: "silent" };
  if (figures.runMissedRefreshes > 0) return { tone: "warn", word: "missed some" };
  return { tone: "ok", word: "steady" };
}
