/** Below the picture: zoom, regions, vessels, snapshot, another window. */
import { WindowKind } from "../../../../../gen/ts/macroscope/window/v1/window_pb";
import { openWindow, viewChanged } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import type { PictureViewControls } from "../../../shared/picture/use-picture-view";
import { commandHindrance } from "../../authority";
import type { PictureTool } from "./picture-tool";
import { VesselsMenu } from "./vessels-menu";
import classes from "./preview.module.css";

export interface PreviewBarProps {
  readonly scalePercent: number | undefined;
  readonly controls: PictureViewControls;
  readonly tool: PictureTool;
  readonly onTool: (tool: PictureTool) => void;
  readonly onSnapshot: () => void;
}

export function PreviewBar({ scalePercent, controls, tool, onTool, onSnapshot }: PreviewBarProps) {
  const dispatch = useMirrorDispatch();
  const hindrance = useMirror(commandHindrance);
  const { showRegions } = useMirror((state) => state.view);
  const saving = useMirror((state) => state.commands.takeSnapshot.pending > 0);
  const hasWindows = useMirror((state) => state.windows.served);
  const change = { disabled: hindrance !== undefined };
  return (
    <div className={classes.bar} role="toolbar" aria-label="Picture">
      <div className={classes.barGroup}>
        <button
          type="button"
          onClick={controls.fit}
          aria-pressed={controls.view.kind === "fit"}
          title="Fit the picture (F)"
        >
          Fit
        </button>
        <button
          type="button"
          onClick={() => controls.oneToOne()}
          title="One to one, and back to fit (1, or double click)"
        >
          1:1
        </button>
        <button type="button" onClick={controls.zoomOut} aria-label="Zoom out" title="Zoom out (−)">
          −
        </button>
        <span className={classes.zoom}>{scalePercent === undefined ? "" : `${scalePercent.toFixed(0)} %`}</span>
        <button type="button" onClick={controls.zoomIn} aria-label="Zoom in" title="Zoom in (+)">
          +
        </button>
      </div>
      <div className={classes.barGroup} role="group" aria-label="Regions">
        <span className={classes.quiet}>Region</span>
        <button
          type="button"
          aria-pressed={tool === "rectangle"}
          onClick={() => onTool("rectangle")}
          title={hindrance ?? "Draw a rectangular region (B)"}
          {...change}
        >
          Rectangle
        </button>
        <button
          type="button"
          aria-pressed={tool === "ellipse"}
          onClick={() => onTool("ellipse")}
          title={hindrance ?? "Draw an elliptic region (E)"}
          {...change}
        >
          Ellipse
        </button>
        <button
          type="button"
          aria-pressed={showRegions}
          onClick={() => dispatch(viewChanged({ showRegions: !showRegions }))}
          title="Show the regions over the picture (K)"
        >
          Shown
        </button>
      </div>
      <div className={classes.barGroup}>
        <VesselsMenu />
        <button
          type="button"
          onClick={onSnapshot}
          title={hindrance ?? "Save the newest frame as TIFF and PNG (S)"}
          disabled={hindrance !== undefined || saving}
        >
          {saving ? "Saving …" : "Snapshot"}
        </button>
        {hasWindows && (
          <button
            type="button"
            onClick={() => void dispatch(openWindow({ kind: WindowKind.PREVIEW }))}
            title="The picture in a window of its own"
          >
            Window
          </button>
        )}
      </div>
    </div>
  );
}
