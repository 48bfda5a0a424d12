/** Shows a direction over and over, to look at: one button a direction, and keys as a number pad points. */
import { Direction } from "../../../../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import { showStimulusTest } from "../../../../mirror";
import type { MirrorState } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { CommandNotices } from "../configuration/command-notices";
import { DIRECTION_ARROWS, DIRECTION_WORDS } from "../run/run-words";
import { STOP_KEYS, TEST_KEYS } from "./stimulus-shortcuts";
import { testHindrance } from "./stimulus-standing";
import classes from "./stimulus.module.css";

export function StimulusTest() {
  const hindrance = useMirror(testHindrance);
  const shown = useMirror(shownTest);
  return (
    <div className={classes.test} role="group" aria-label="Test sweeps">
      <span className={classes.label}>Test</span>
      {TEST_KEYS.map(({ direction, keys }) => (
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
  return (
    <button
      type="button"
      className={classes.button}
      aria-pressed={active}
      aria-label={`Test ${words.toLowerCase()}`}
      title={hindrance ?? `${words} (${keys})`}
      disabled={hindrance !== undefined}
      onClick={() => void dispatch(showStimulusTest(direction))}
    >
      {DIRECTION_ARROWS[direction]}
    </button>
  );
}

function StopButton({ hindrance, testing }: { readonly hindrance: string | undefined; readonly testing: boolean }) {
  const dispatch = useMirrorDispatch();
  return (
    <button
      type="button"
      className={classes.button}
      disabled={hindrance !== undefined || !testing}
      title={STOP_KEYS}
      onClick={() => void dispatch(showStimulusTest(Direction.UNSPECIFIED))}
    >
      Stop test
    </button>
  );
}

function shownTest(state: MirrorState): Direction {
  const stimulus = state.stimulus.current?.state;
  return stimulus?.testing ? (stimulus.scene?.sweep?.direction ?? Direction.UNSPECIFIED) : Direction.UNSPECIFIED;
}
