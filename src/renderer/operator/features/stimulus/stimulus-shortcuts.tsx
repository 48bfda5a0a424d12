/** The keys of the stimulus: its window, and tests as a number pad points. They work wherever the operator is. */
import { Direction } from "../../../../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import { WindowKind } from "../../../../../gen/ts/macroscope/window/v1/window_pb";
import { closeWindow, openWindow, showStimulusTest } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { useShortcut } from "../../../shared/shortcuts";
import { DIRECTION_WORDS } from "../run/run-words";
import { isRunning, stimulusWindowId, testHindrance } from "./stimulus-standing";

export const TEST_KEYS = [
  { direction: Direction.LEFT_TO_RIGHT, keys: "6" },
  { direction: Direction.RIGHT_TO_LEFT, keys: "4" },
  { direction: Direction.TOP_TO_BOTTOM, keys: "2" },
  { direction: Direction.BOTTOM_TO_TOP, keys: "8" },
] as const;

export const STOP_KEYS = "5";

/** Shows nothing; it stands where it is always mounted. */
export function StimulusShortcuts() {
  const dispatch = useMirrorDispatch();
  const served = useMirror((state) => state.windows.served);
  const id = useMirror(stimulusWindowId);
  const running = useMirror(isRunning);
  const toggle = () => {
    if (!served) return;
    if (id === undefined) void dispatch(openWindow({ kind: WindowKind.STIMULUS }));
    // In a run it asks first, and that is done by the button.
    else if (!running) void dispatch(closeWindow({ id }));
  };
  useShortcut({ keys: "O", label: "Open or close the stimulus window", group: "Stimulus", run: toggle });
  return (
    <>
      {TEST_KEYS.map(({ direction, keys }) => (
        <TestKey
          key={keys}
          keys={keys}
          direction={direction}
          label={`Test: ${DIRECTION_WORDS[direction].toLowerCase()}`}
        />
      ))}
      <TestKey keys={STOP_KEYS} direction={Direction.UNSPECIFIED} label="Stop the test" />
    </>
  );
}

interface TestKeyProps {
  readonly keys: string;
  readonly direction: Direction;
  readonly label: string;
}

function TestKey({ keys, direction, label }: TestKeyProps) {
  const dispatch = useMirrorDispatch();
  const hindrance = useMirror(testHindrance);
  const run = () => {
    if (hindrance === undefined) void dispatch(showStimulusTest(direction));
  };
  useShortcut({ keys, label, group: "Stimulus", run });
  return null;
}
