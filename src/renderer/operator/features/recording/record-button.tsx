/** Starts a recording without a run: every frame, no stimulus. */
import { Button, Kbd } from "@mantine/core";
import { useShortcut } from "../../../shared/shortcuts";
import { ToneShape } from "../../../shared/tone";
import classes from "./recording-panel.module.css";
import { useRecordAction } from "./use-record-action";

export function RecordButton() {
  const record = useRecordAction();
  const hindered = record.hindrance !== undefined;
  useShortcut({ keys: "R", label: "Record without a run", group: "Recording", run: record.start });
  return (
    <Button
      variant="default"
      className={classes.record}
      aria-disabled={hindered || undefined}
      data-disabled={hindered || undefined}
      title={record.hindrance ?? "Record every frame from now on (R)"}
      onClick={record.start}
      leftSection={<ToneShape tone={hindered ? "quiet" : "recording"} size={12} />}
      rightSection={
        <Kbd size="xs" aria-hidden="true">
          R
        </Kbd>
      }
    >
      Record
    </Button>
  );
}
