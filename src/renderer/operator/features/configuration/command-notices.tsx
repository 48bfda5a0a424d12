/** Why a command about the settings was refused, where no field says it. */
import { commandErrorDismissed, staleRevision } from "../../../../mirror";
import type { CommandName, Control } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";

export interface CommandNoticesProps {
  readonly command: CommandName;
  readonly title: string;
  /** The fields that tell their own reasons. */
  readonly controls: readonly Control[];
}

export function CommandNotices({ command, title, controls }: CommandNoticesProps) {
  const dispatch = useMirrorDispatch();
  const error = useMirror((state) => state.commands[command].error);
  if (!error) return null;
  const paths = Object.keys(error.fields);
  if (paths.length > 0 && paths.every((path) => controls.some((control) => control.path === path))) return null;
  const stale = staleRevision(error);
  return (
    <Notice tone={stale ? "warn" : "alarm"} title={title} onDismiss={() => dispatch(commandErrorDismissed(command))}>
      {stale
        ? `${stale.changedBy || "Somebody"} changed the settings in the same moment. Look at what they are now, and ask again.`
        : error.message}
    </Notice>
  );
}
