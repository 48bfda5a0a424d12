/** The stimulus in numbers, as the operator reads them. */
import type { MirrorState, StimulusMirror } from "../../../../mirror";
import { countText, millisecondsText, rateText, UNKNOWN } from "../../../shared/quantity-text";
import { workerAnswers } from "../../situation";
import type { StatusItemProps } from "../status-line/status-item";
import { isRunning, isSoftware, stimulusStanding } from "./stimulus-standing";

export interface StimulusFigure {
  readonly term: string;
  readonly value: string;
  /** Worth a look: why, a sentence; empty: as it should be. */
  readonly warning: string;
  /** More, for whoever points at it. */
  readonly title?: string;
}

/** A measured rate further than this from what the system says is another display mode. */
const RATE_WITHIN = 0.02;
/** A sixth of a refresh at 60 Hz. */
const JITTER_LIMIT_MS = 3;
const NS_PER_MS = 1e6;
/** What the system tells of a display with a scale such as 1.5 is rounded; another mode of it is much further away. */
const ROUNDING_PX = 8;
/** A fit worse than this is of no use beside frames of 10 ms. */
const CLOCK_LIMIT_MS = 2;

export function stimulusFigures(state: MirrorState): readonly StimulusFigure[] {
  const stimulus = state.stimulus.current?.state;
  // What a worker told that is gone is no figure of the display as it is.
  if (!stimulus?.attached || !workerAnswers(state)) return [];
  const timing = [refreshFigure(stimulus), jitterFigure(stimulus), missedFigure(stimulus, isRunning(state))];
  // Where software draws, that is why all of these are bad, and said once.
  const judged = isSoftware(stimulus.display?.renderer ?? "") ? timing.map(unwarned) : timing;
  return [...judged, ...lostFigures(stimulus), clockFigure(stimulus), screenFigure(stimulus), rendererFigure(stimulus)];
}

/** "flips 60.0 Hz, 0 missed" for the status line. */
export function stimulusItem(state: MirrorState): StatusItemProps {
  const { tone, word, sentence } = stimulusStanding(state);
  const stimulus = state.stimulus.current?.state;
  const figures = stimulus?.figures;
  const attached = stimulus?.attached === true && workerAnswers(state);
  // 0: too few flips to tell.
  const rate = figures && figures.refreshRateHz > 0 ? rateText(figures.refreshRateHz) : UNKNOWN;
  const missed = figures === undefined ? 0 : isRunning(state) ? figures.runMissedRefreshes : figures.missedRefreshes;
  const losing = tone === "ok" && isRunning(state) && missed > 0;
  return {
    name: "Flips",
    tone: losing ? "warn" : tone,
    word: losing ? "missing refreshes" : word,
    figures: attached && figures ? `${rate}, ${countText(missed)} missed` : "",
    stale: word === "no flips",
    details: [
      ["State", sentence === "" ? word : sentence],
      ...stimulusFigures(state).map(({ term, value }) => [term, value] as const),
    ],
  };
}

function unwarned(figure: StimulusFigure): StimulusFigure {
  return { ...figure, warning: "" };
}

function refreshFigure({ figures, scene }: StimulusMirror): StimulusFigure {
  const measured = figures?.refreshRateHz ?? 0;
  const nominal = scene?.display?.refreshRateHz ?? 0;
  const differs = measured > 0 && nominal > 0 && Math.abs(measured / nominal - 1) > RATE_WITHIN;
  const said = nominal > 0 ? `, ${nominal.toFixed(2)} Hz by the system` : "";
  return {
    term: "Refresh",
    value: measured > 0 ? `${measured.toFixed(2)} Hz measured${said}` : "being measured",
    warning: differs ? "The display does not refresh as the system says. Look at its mode." : "",
  };
}

function jitterFigure({ figures }: StimulusMirror): StimulusFigure {
  const known = figures !== undefined && figures.refreshRateHz > 0;
  const rough = known && figures.jitterMs > JITTER_LIMIT_MS;
  return {
    term: "Jitter",
    value: known ? `${figures.jitterMs.toFixed(2)} ms, longest ${millisecondsText(figures.longestMs)}` : UNKNOWN,
    warning: rough ? "Flips come unevenly. Close what else needs the graphics card." : "",
  };
}

function missedFigure({ figures }: StimulusMirror, running: boolean): StimulusFigure {
  if (!figures) return { term: "Missed", value: UNKNOWN, warning: "" };
  const since = `${countText(figures.missedRefreshes)} since the window opened`;
  const inRun = `${countText(figures.runMissedRefreshes)} in this run, beside ${countText(figures.runFlips)} flips`;
  return {
    term: "Missed",
    value: running ? `${inRun}; ${since}` : since,
    warning: running && figures.runMissedRefreshes > 0 ? "Frames of the stimulus came late in this run." : "",
  };
}

/** Nothing where none is lost. */
function lostFigures({ figures }: StimulusMirror): readonly StimulusFigure[] {
  const lost = figures?.lostFlips ?? 0;
  if (lost === 0) return [];
  return [
    {
      term: "Lost",
      value: `${countText(lost)} flips were shown and never reported`,
      warning: "Flips are missing in the journal. Look at the sweeps of that time before you use them.",
    },
  ];
}

function clockFigure({ figures }: StimulusMirror): StimulusFigure {
  const clock = figures?.clock;
  if (!clock) return { term: "Clock", value: "being measured", warning: "" };
  const errorMs = Number(clock.errorNs) / NS_PER_MS;
  const residualMs = Number(clock.residualNs) / NS_PER_MS;
  const offsetS = Number(BigInt(clock.offsetNs) / 1_000_000n) / 1000;
  return {
    term: "Clock",
    value: `fitted to ± ${errorMs.toFixed(2)} ms, residual ${residualMs.toFixed(2)} ms`,
    title: `The camera's clock is the stimulus window's plus ${offsetS.toFixed(3)} s.`,
    warning: errorMs > CLOCK_LIMIT_MS ? "The times of flips and frames cannot be compared well." : "",
  };
}

function screenFigure({ display, scene }: StimulusMirror): StimulusFigure {
  if (!display) return { term: "Screen", value: UNKNOWN, warning: "" };
  const size = `${display.widthPx} × ${display.heightPx} px`;
  if (!display.fullScreen) {
    return { term: "Screen", value: `${size}, in a window`, warning: "The stimulus does not fill the chosen display." };
  }
  const { widthPx = display.widthPx, heightPx = display.heightPx } = scene?.display ?? {};
  const offPx = Math.max(Math.abs(widthPx - display.widthPx), Math.abs(heightPx - display.heightPx));
  return {
    term: "Screen",
    value: `${size}, full screen`,
    warning:
      offPx > ROUNDING_PX ? `Configured are ${widthPx} × ${heightPx} px. Take the display over under Geometry.` : "",
  };
}

function rendererFigure({ display }: StimulusMirror): StimulusFigure {
  const renderer = display?.renderer ?? "";
  return {
    term: "Drawn by",
    value: renderer === "" ? UNKNOWN : renderer,
    warning: isSoftware(renderer)
      ? "Software rendering: no graphics card draws this. Refreshes will be missed; use it to try things out only."
      : "",
  };
}
