/** What became of what was asked for at the picture: told over its lower edge, spoken by a screen reader. */
import { useEffect } from "react";
import { commandErrorDismissed, pictureSaved, putRegion, regionRemovalSeen, shownRegions } from "../../../../mirror";
import type { CommandName } from "../../../../mirror";
import { CopyButton } from "../../../shared/copy-button";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import type { PictureTool } from "./picture-tool";
import { MOST_REGIONS } from "./region-editing";
import classes from "./picture-news.module.css";

const TOLD_FOR_MS = 12_000;

const COMMANDS: readonly { readonly name: CommandName; readonly failed: string }[] = [
  { name: "takeSnapshot", failed: "The snapshot was not saved" },
  { name: "takeReference", failed: "The reference was not taken" },
  { name: "putRegion", failed: "The region was not changed" },
  { name: "removeRegion", failed: "The region was not removed" },
];

export interface PictureNewsProps {
  readonly tool: PictureTool;
  /** Why the vessels that were chosen are not seen. */
  readonly overlayFailure: string | undefined;
}

export function PictureNews({ tool, overlayFailure }: PictureNewsProps) {
  return (
    <div className={classes.news} role="status">
      <ToolHint tool={tool} />
      <RemovedRegion />
      <SavedFile />
      {overlayFailure && (
        <Notice tone="warn" title="The vessels cannot be shown">
          {overlayFailure}
        </Notice>
      )}
      {COMMANDS.map((command) => (
        <Failure key={command.name} {...command} />
      ))}
    </div>
  );
}

function ToolHint({ tool }: { readonly tool: PictureTool }) {
  const full = useMirror((state) => shownRegions(state.regions).length >= MOST_REGIONS);
  if (tool === "look") return null;
  if (full)
    return <p className={classes.hint}>There are {MOST_REGIONS} regions, which is the most. Remove one first.</p>;
  return <p className={classes.hint}>Drag over the picture, or press Enter for one in the middle. Esc: none.</p>;
}

function RemovedRegion() {
  const dispatch = useMirrorDispatch();
  const removed = useMirror((state) => state.regions.removed);
  useEffect(() => {
    if (!removed) return undefined;
    const timer = setTimeout(() => dispatch(regionRemovalSeen()), TOLD_FOR_MS);
    return () => clearTimeout(timer);
  }, [dispatch, removed]);
  if (!removed) return null;
  return (
    <div className={classes.strip}>
      <span>{removed.name} was removed.</span>
      <button type="button" onClick={() => void dispatch(putRegion(removed))}>
        Undo
      </button>
    </div>
  );
}

const SAVED = { snapshot: "Snapshot saved", reference: "Reference saved" } as const;

function SavedFile() {
  const dispatch = useMirrorDispatch();
  const saved = useMirror((state) => state.pictures.saved);
  useEffect(() => {
    if (!saved) return undefined;
    const timer = setTimeout(() => dispatch(pictureSaved(null)), TOLD_FOR_MS);
    return () => clearTimeout(timer);
  }, [dispatch, saved]);
  if (!saved) return null;
  return (
    <div className={classes.strip}>
      <span>
        {SAVED[saved.kind]}: <span className={classes.path}>{saved.path}</span>
      </span>
      <CopyButton text={saved.path} label="Copy path" />
      <button type="button" aria-label="Dismiss" onClick={() => dispatch(pictureSaved(null))}>
        ×
      </button>
    </div>
  );
}

function Failure({ name, failed }: { readonly name: CommandName; readonly failed: string }) {
  const dispatch = useMirrorDispatch();
  const error = useMirror((state) => state.commands[name].error);
  if (!error) return null;
  return (
    <Notice tone="warn" title={failed} onDismiss={() => dispatch(commandErrorDismissed(name))}>
      {error.message}
    </Notice>
  );
}
