/** The scale bar in the picture's corner. */
import { useMirror } from "../hooks";
import { scaleBarLength } from "./scale-bar";
import classes from "./scale-mark.module.css";

/** @param sensorScale - CSS pixels in one pixel of the sensor. */
export function ScaleMark({ sensorScale }: { readonly sensorScale: number }) {
  const umPerPx = useMirror((state) => state.configuration.current?.state.values["camera.um_per_px"]);
  const bar = scaleBarLength(sensorScale, typeof umPerPx === "number" && umPerPx > 0 ? umPerPx : undefined);
  if (!bar) return null;
  const { width, text } = bar;
  return (
    <svg className={classes.mark} width={width + 2} height={24} role="img" aria-label={`Scale bar: ${text}`}>
      <text x={(width + 2) / 2} y={12} textAnchor="middle">
        {text}
      </text>
      <path d={`M1 16 V22 M1 19 H${width + 1} M${width + 1} 16 V22`} />
    </svg>
  );
}
