/** Below the picture: zoom, contrast, saturation. */
import { RangeSlider, Switch } from "@mantine/core";
import { useMirror } from "../../../shared/hooks";
import { countText } from "../../../shared/quantity-text";
import type { Contrast } from "./use-contrast";
import { ContrastField } from "./contrast-field";
import type { PictureViewControls } from "./use-picture-view";
import classes from "./preview.module.css";

export interface PreviewBarProps {
  readonly scalePercent: number | undefined;
  readonly controls: PictureViewControls;
  readonly contrast: Contrast;
  readonly markSaturated: boolean;
  readonly onMarkSaturated: (mark: boolean) => void;
}

export function PreviewBar({ scalePercent, controls, contrast, markSaturated, onMarkSaturated }: PreviewBarProps) {
  const figures = useMirror((state) => state.preview.figures);
  const { low, high } = contrast.window;
  const saturated = figures?.saturatedPx ?? 0;
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
      <div className={classes.contrast}>
        <ContrastField label="Black at" value={low} onSet={(value) => contrast.set({ low: value, high })} />
        <RangeSlider
          className={classes.contrastSlider}
          size="xs"
          color="dark.2"
          min={0}
          max={contrast.largest}
          minRange={1}
          value={[low, high]}
          label={null}
          thumbFromLabel="Black level"
          thumbToLabel="White level"
          onChange={([from, to]) => contrast.set({ low: from, high: to })}
        />
        <ContrastField label="White at" value={high} onSet={(value) => contrast.set({ low, high: value })} />
        <button
          type="button"
          aria-pressed={contrast.auto}
          onClick={() => contrast.setAuto(!contrast.auto)}
          title="Contrast by itself (A)"
        >
          Auto
        </button>
        <button
          type="button"
          onClick={() => contrast.set({ low: 0, high: contrast.largest })}
          title="Show all values there are"
        >
          Full
        </button>
      </div>
      <div className={classes.barGroup}>
        <span className={classes.swatch} data-on={(markSaturated && saturated > 0) || undefined} aria-hidden="true" />
        <span title="Image pixels at the largest value">{countText(saturated)} px saturated</span>
        <Switch
          size="xs"
          checked={markSaturated}
          onChange={(event) => onMarkSaturated(event.currentTarget.checked)}
          aria-label="Mark saturated pixels"
          title="Mark saturated pixels (M)"
        />
      </div>
    </div>
  );
}
