/** A region's outline and name over the picture. */
import { RegionShape } from "../../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import type { RegionMirror } from "../../../mirror";
import type { Rectangle } from "./placement";
import { regionStyle } from "./region-colours";
import classes from "./region-outline.module.css";

export interface RegionOutlineProps {
  readonly region: RegionMirror;
  /** Where it is seen, in CSS pixels. */
  readonly seen: Rectangle;
  readonly selected?: boolean;
}

export function RegionOutline({ region, seen, selected = false }: RegionOutlineProps) {
  const { colour, dash } = regionStyle(region.colour);
  const drawn = {
    className: classes.line,
    stroke: colour,
    strokeDasharray: dash?.join(" "),
    strokeWidth: selected ? 2.5 : 1.5,
  };
  const halo = { className: classes.halo, strokeWidth: selected ? 5 : 3.5 };
  return (
    <>
      <Shape region={region} seen={seen} {...halo} />
      <Shape region={region} seen={seen} {...drawn} />
      <text className={classes.name} x={seen.x} y={seen.y - 5} fill={colour}>
        {region.name}
      </text>
    </>
  );
}

interface ShapeProps extends React.SVGProps<SVGRectElement & SVGEllipseElement> {
  readonly region: RegionMirror;
  readonly seen: Rectangle;
}

function Shape({ region, seen, ...drawn }: ShapeProps) {
  if (region.shape === RegionShape.ELLIPSE) {
    const [rx, ry] = [seen.width / 2, seen.height / 2];
    return <ellipse cx={seen.x + rx} cy={seen.y + ry} rx={rx} ry={ry} {...drawn} />;
  }
  return <rect x={seen.x} y={seen.y} width={seen.width} height={seen.height} {...drawn} />;
}
