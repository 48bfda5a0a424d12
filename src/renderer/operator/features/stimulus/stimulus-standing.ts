/** How the stimulus stands, in a word, and what there is to do about it. */
import { WindowKind } from "../../../../../gen/ts/macroscope/window/v1/window_pb";
import { RunStep } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { MirrorState, StimulusMirror } from "../../../../mirror";
import type { Tone } from "../../../shared/tone";
import { commandHindrance } from "../../authority";
import { workerAnswers } from "../../situation";
import { DIRECTION_WORDS } from "../run/run-words";

export interface StimulusStanding {
  /** The state's name, for tests and looks. */
  readonly state:
    "unknown" | "no-display" | "closed" | "connecting" | "lost" | "silent" | "ready" | "testing" | "in-run";
  readonly tone: Tone;
  readonly word: string;
  /** What it means and what to do; empty: nothing. */
  readonly sentence: string;
}

/** When no flips have come for so long, something is wrong: they come five times a second. */
const SILENT_AFTER_MS = 1500;

export function stimulusStanding(state: MirrorState): StimulusStanding {
  const stimulus = state.stimulus.current?.state;
  if (!workerAnswers(state) || !stimulus) {
    return { state: "unknown", tone: "quiet", word: "unknown", sentence: "The worker does not answer." };
  }
  return stimulus.attached ? attachedStanding(state, stimulus) : absentStanding(state, stimulus);
}

/** Whether a run goes on, so that tests are refused and closing the window does harm. */
export function isRunning(state: MirrorState): boolean {
  const step = state.workflow.current?.state.run?.step;
  return step !== undefined && step !== RunStep.UNSPECIFIED && step !== RunStep.ENDED;
}

/** The stimulus window's number at main; undefined: there is none, or nobody who knows. */
export function stimulusWindowId(state: MirrorState): number | undefined {
  return state.windows.current?.state.windows.find(({ kind }) => kind === WindowKind.STIMULUS)?.id;
}

/** Why no test can be shown now; undefined when one can. */
export function testHindrance(state: MirrorState): string | undefined {
  const hindrance = commandHindrance(state);
  if (hindrance !== undefined) return hindrance;
  if (isRunning(state)) return "A run goes on, and its stimulus is not disturbed.";
  return state.stimulus.current?.state.attached === true ? undefined : "Nobody shows the stimulus yet.";
}

/** What draws is a program and not a graphics card. */
export function isSoftware(renderer: string): boolean {
  return /swiftshader|llvmpipe|softpipe|lavapipe|software|basic render|warp/i.test(renderer);
}

function attachedStanding(state: MirrorState, stimulus: StimulusMirror): StimulusStanding {
  const age = stimulus.figures?.lastBatchAgeMs;
  if (age !== undefined && age > SILENT_AFTER_MS) {
    return {
      state: "silent",
      tone: "alarm",
      word: "no flips",
      sentence: `The window is there, and has presented nothing for ${(age / 1000).toFixed(1)} s. Look whether something covers it or the computer sleeps.`,
    };
  }
  if (stimulus.testing) {
    const direction = stimulus.scene?.sweep?.direction ?? 0;
    return {
      state: "testing",
      tone: "busy",
      word: "test",
      sentence: `${DIRECTION_WORDS[direction]}, over and over, until you stop it or a run starts.`,
    };
  }
  if (isRunning(state)) return { state: "in-run", tone: "ok", word: "in the run", sentence: "" };
  return { state: "ready", tone: "ok", word: "ready", sentence: "Grey until a sweep is shown." };
}

function absentStanding(state: MirrorState, stimulus: StimulusMirror): StimulusStanding {
  const running = isRunning(state);
  const open = stimulusWindowId(state) !== undefined;
  if (stimulus.lostReason !== "") {
    return {
      state: "lost",
      tone: running ? "alarm" : "warn",
      word: "lost",
      sentence: `${stimulus.lostReason} ${remedyOfLoss(running, open)}`,
    };
  }
  if (open)
    return {
      state: "connecting",
      tone: "busy",
      word: "connecting",
      sentence: "The stimulus window is open and connects.",
    };
  const windows = state.windows.current?.state;
  if (windows?.stimulusDisplayId === "") {
    return {
      state: "no-display",
      tone: "warn",
      word: "no display",
      sentence: "No display is chosen for the stimulus. Choose it under Geometry.",
    };
  }
  return { state: "closed", tone: "quiet", word: "closed", sentence: "Nobody shows the stimulus. Open its window." };
}

function remedyOfLoss(running: boolean, open: boolean): string {
  if (!running) return open ? "It connects by itself when it can." : "Open the stimulus window again.";
  return open
    ? "The run pauses; resume it when the window is connected again."
    : "The run pauses: open the stimulus window again, then resume. The sweep is shown again.";
}
