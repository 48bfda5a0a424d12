/** How bright the pixels are, and which of it is shown from black to white. */
import { useId, useMemo, useRef, useState } from "react";
import type { Histogram } from "../../../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import { LEAST_SPAN, shownRegions, viewChanged } from "../../../../mirror";
import type { ViewMirror } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { useElementSize } from "../../../shared/picture/use-element-size";
import { countText, UNKNOWN } from "../../../shared/quantity-text";
import { useShortcut } from "../../../shared/shortcuts";
import { picturesCome } from "../../situation";
import { useAutomaticContrast } from "./automatic-contrast";
import { ContrastHandle } from "./contrast-handle";
import { binHeights, curvePath } from "./histogram-curve";
import { LevelField } from "./level-field";
import { useHistogram } from "./use-histogram";
import classes from "./histogram-panel.module.css";

const DEFAULT_BITS = 16;

export function HistogramPanel() {
  const dispatch = useMirrorDispatch();
  const view = useMirror((state) => state.view);
  const regions = useMirror((state) => shownRegions(state.regions));
  const bits = useMirror((state) => state.camera.current?.state.significantBits);
  const [wanted, setWanted] = useState("");
  const [logarithmic, setLogarithmic] = useState(true);
  const regionId = regions.some(({ id }) => id === wanted) ? wanted : "";
  const newest = useHistogram(regionId);
  useAutomaticContrast(newest);
  // What was told before the loss says nothing about the light now.
  const histogram = useMirror(picturesCome) ? newest : undefined;
  const largest = 2 ** (newest?.significantBits ?? (bits === undefined || bits === 0 ? DEFAULT_BITS : bits)) - 1;
  const change = (to: Partial<ViewMirror>) => dispatch(viewChanged(to));
  const byHand = (to: Partial<ViewMirror>) => change({ automatic: false, ...to });
  useShortcut({
    keys: "H",
    label: "Histogram linear or logarithmic",
    group: "Picture",
    run: () => setLogarithmic(!logarithmic),
  });
  return (
    <section className={classes.panel} aria-label="Histogram and contrast">
      <header className={classes.head}>
        <h2>Histogram</h2>
        <select aria-label="Histogram of" value={regionId} onChange={(event) => setWanted(event.currentTarget.value)}>
          <option value="">image</option>
          {regions.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <button
          type="button"
          aria-pressed={logarithmic}
          onClick={() => setLogarithmic(!logarithmic)}
          title="Logarithmic heights: a single pixel can be seen (H)"
        >
          Log
        </button>
        <Saturation histogram={histogram} />
      </header>
      <Figures histogram={histogram} />
      <Curve histogram={histogram} logarithmic={logarithmic} view={view} largest={largest} onChange={byHand} />
      <footer className={classes.foot}>
        <LevelField
          label="Black"
          short="B"
          value={Math.round(view.black * largest)}
          onSet={(value) => byHand({ black: value / largest })}
        />
        <LevelField
          label="White"
          short="W"
          value={Math.round(view.white * largest)}
          onSet={(value) => byHand({ white: value / largest })}
        />
        <LevelField label="Gamma" short="γ" value={view.gamma} decimals={2} onSet={(gamma) => change({ gamma })} />
        <button
          type="button"
          aria-pressed={view.automatic}
          onClick={() => change({ automatic: !view.automatic })}
          title="Contrast by itself (A)"
        >
          Auto
        </button>
        <button
          type="button"
          onClick={() => byHand({ black: 0, white: 1, gamma: 1 })}
          title="All values there are, gamma 1"
        >
          Reset
        </button>
      </footer>
    </section>
  );
}

function Saturation({ histogram }: { readonly histogram: Histogram | undefined }) {
  const dispatch = useMirrorDispatch();
  const marked = useMirror((state) => state.view.markSaturated);
  const saturated = Number(histogram?.saturatedPx ?? 0n);
  return (
    <label className={classes.saturated} data-some={saturated > 0 || undefined}>
      <input
        type="checkbox"
        checked={marked}
        onChange={(event) => dispatch(viewChanged({ markSaturated: event.currentTarget.checked }))}
        aria-label="Mark saturated pixels"
        title="Mark saturated pixels in the picture (M)"
      />
      <span title="Sampled pixels at the largest value">{saturationText(histogram ? saturated : undefined)}</span>
    </label>
  );
}

function saturationText(saturated: number | undefined): string {
  if (saturated === undefined) return `${UNKNOWN} saturated`;
  return saturated === 0 ? "none saturated" : `${countText(saturated)} px saturated`;
}

/** What the curve says, in words. */
function Figures({ histogram }: { readonly histogram: Histogram | undefined }) {
  const { low = 0, high = 0, mean = 0, saturatedPx = 0n, sampledPx = 1n } = histogram ?? {};
  const percent = (100 * Number(saturatedPx)) / Math.max(1, Number(sampledPx));
  const saturated = saturatedPx === 0n ? "" : `${percent < 0.01 ? "< 0.01" : percent.toFixed(2)} % saturated · `;
  return (
    <p
      className={classes.figures}
      title="A thousandth of the pixels is darker than the first, a thousandth brighter than the last"
    >
      {histogram
        ? `${saturated}0.1 % at ${countText(low)} · 99.9 % at ${countText(high)} · mean ${countText(mean)}`
        : UNKNOWN}
    </p>
  );
}

interface CurveProps {
  readonly histogram: Histogram | undefined;
  readonly logarithmic: boolean;
  readonly view: ViewMirror;
  readonly largest: number;
  readonly onChange: (to: Partial<ViewMirror>) => void;
}

function Curve({ histogram, logarithmic, view, largest, onChange }: CurveProps) {
  const holder = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(holder);
  const clip = useId();
  const path = useMemo(
    () => (histogram ? curvePath(binHeights(histogram.counts, logarithmic), width, height) : ""),
    [histogram, logarithmic, width, height],
  );
  const handle = { largest, width };
  const { black, white } = view;
  return (
    <div className={classes.plot}>
      <div ref={holder} className={classes.curve}>
        <svg width={width} height={height} aria-hidden="true">
          <clipPath id={clip}>
            <rect x={black * width} y={0} width={Math.max(0, (white - black) * width)} height={height} />
          </clipPath>
          <path className={classes.outside} d={path} />
          <path className={classes.inside} d={path} clipPath={`url(#${clip})`} />
          <line className={classes.level} x1={black * width} x2={black * width} y1={0} y2={height} />
          <line className={classes.level} x1={white * width} x2={white * width} y1={0} y2={height} />
          {histogram && histogram.saturatedPx > 0n && (
            <rect className={classes.full} x={width - 3} y={0} width={3} height={height} />
          )}
        </svg>
        {!histogram && <p className={classes.empty}>No picture comes.</p>}
      </div>
      <div className={classes.handles}>
        <ContrastHandle
          {...handle}
          label="Black level"
          value={black}
          least={0}
          most={white - LEAST_SPAN}
          onChange={(value) => onChange({ black: value })}
        />
        <ContrastHandle
          {...handle}
          label="White level"
          value={white}
          least={black + LEAST_SPAN}
          most={1}
          onChange={(value) => onChange({ white: value })}
        />
      </div>
    </div>
  );
}
