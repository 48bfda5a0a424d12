/** Shows a direction over and over, to look at: one button a direction, and keys as a number pad points. */
import { Direction } from "../../../../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import { showStimulusTest } from "../../../../mirror";
import type { MirrorState } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { useShortcut } from "../../../shared/shortcuts";
import { commandHindrance } from "../../authority";
import { CommandNotices } from "../configuration/command-notices";
import { DIRECTION_ARROWS, DIRECTION_WORDS } from "../run/run-words";
import { isRunning } from "./stimulus-standing";
import classes from "./stimulus.module.css";

const DIRECTIONS = [
  { direction: Direction.LEFT_TO_RIGHT, keys: "6" },
  { direction: Direction.RIGHT_TO_LEFT, keys: "4" },
  { direction: Direction.TOP_TO_BOTTOM, keys: "2" },
  { direction: Direction.BOTTOM_TO_TOP, keys: "8" },
] as const;

export function StimulusTest() {
  const hindrance = useMirror(testHindrance);
  const shown = useMirror(shownTest);
  return (
    <div className={classes.test} role="group" aria-label="Test sweeps">
      <span className={classes.label}>Test</span>
      {DIRECTIONS.map(({ direction, keys }) => (
        <DirectionButton
          key={direction}
          direction={direction}
          keys={keys}
          active={shown === direction}
          hindrance={hindrance}
        />
      ))}
      <StopButton hindrance={hindrance} testing={shown !== Direction.UNSPECIFIED} />
      {hindrance !== undefined && <p className={classes.note}>{hindrance}</p>}
      <CommandNotices command="showStimulusTest" title="The test is not shown" controls={[]} />
    </div>
  );
}

interface DirectionButtonProps {
  readonly direction: Direction;
  readonly keys: string;
  readonly active: boolean;
  readonly hindrance: string | undefined;
}

function DirectionButton({ direction, keys, active, hindrance }: DirectionButtonProps) {
  const dispatch = useMirrorDispatch();
  const words = DIRECTION_WORDS[direction];
  const show = () => {
    if (hindrance === undefined) void dispatch(showStimulusTest(direction));
  };
  useShortcut({ keys, label: `Test: ${words.toLowerCase()}`, group: "Stimulus", run: show });
  return (
    <button
      type="button"
      className={classes.button}
      aria-pressed={active}
      aria-label={`Test ${words.toLowerCase()}`}
      title={hindrance ?? `${words} (${keys})`}
      disabled={hindrance !== undefined}
      onClick={show}
    >
      {DIRECTION_ARROWS[direction]}
    </button>
  );
}

function StopButton({ hindrance, testing }: { readonly hindrance: string | undefined; readonly testing: boolean }) {
  const dispatch = useMirrorDispatch();
  const off = hindrance !== undefined || !testing;
  const stop = () => {
    if (!off) void dispatch(showStimulusTest(Direction.UNSPECIFIED));
  };
  useShortcut({ keys: "5", label: "Stop the test", group: "Stimulus", run: stop });
  return (
    <button type="button" className={classes.button} disabled={off} title="5" onClick={stop}>
      Stop test
    </button>
  );
}

/** Why no test can be shown now; undefined when one can. */
function testHindrance(state: MirrorState): string | undefined {
  const hindrance = commandHindrance(state);
  if (hindrance !== undefined) return hindrance;
  if (isRunning(state)) return "A run goes on, and its stimulus is not disturbed.";
  return state.stimulus.current?.state.attached === true ? undefined : "Nobody shows the stimulus yet.";
}

function shownTest(state: MirrorState): Direction {
  const stimulus = state.stimulus.current?.state;
  return stimulus?.testing ? (stimulus.scene?.sweep?.direction ?? Direction.UNSPECIFIED) : Direction.UNSPECIFIED;
}
