/** One region over the picture. With the focus, arrows move it, with Shift they resize it, and Delete removes it. */
import { useRef } from "react";
import type { RegionMirror } from "../../../../mirror";
import { seenRectangle, sensorScale } from "../../../shared/picture/placement";
import type { Placement, Rectangle } from "../../../shared/picture/placement";
import type { FreeView, Point, Size } from "../../../shared/picture/picture-view";
import { RegionOutline } from "../../../shared/picture/region-outline";
import { moved, regionText, resized } from "./region-editing";
import type { Handle } from "./region-editing";
import classes from "./region-layer.module.css";

export interface RegionItemProps {
  readonly region: RegionMirror;
  readonly view: FreeView;
  readonly canvas: Size;
  readonly placement: Placement;
  readonly sensor: Size;
  readonly selected: boolean;
  /** Whether it can be changed now. */
  readonly editable: boolean;
  readonly onSelect: () => void;
  readonly onChange: (region: RegionMirror, rests?: boolean) => void;
  readonly onSend: () => void;
  readonly onRemove: () => void;
}

interface Drag {
  readonly from: Point;
  readonly region: RegionMirror;
  /** Undefined: all of it moves. */
  readonly handle: Handle | undefined;
}

const HANDLE_SIZE = 9;
const CORNERS: readonly Handle[] = [
  { x: -1, y: -1 },
  { x: 1, y: -1 },
  { x: -1, y: 1 },
  { x: 1, y: 1 },
];

export function RegionItem(props: RegionItemProps) {
  const { region, view, canvas, placement, sensor, selected, editable, onSelect, onChange, onSend } = props;
  const drag = useRef<Drag>(undefined);
  const seen = seenRectangle(
    { x: region.xPx, y: region.yPx, width: region.widthPx, height: region.heightPx },
    view,
    canvas,
    placement,
  );
  const scale = sensorScale(view, placement);
  const everywhere = covers(seen, canvas);
  const begin = (event: React.PointerEvent<SVGElement>, handle?: Handle) => {
    // Nothing of its outline is in sight: whoever drags there means the picture, and would move the region unseen.
    if (event.button !== 0 || (everywhere && !handle)) return;
    event.stopPropagation();
    onSelect();
    if (!editable) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { from: { x: event.clientX, y: event.clientY }, region, handle };
  };
  const follow = (event: React.PointerEvent<SVGElement>) => {
    if (!drag.current) return;
    event.stopPropagation();
    const { from, region: before, handle } = drag.current;
    const by = { x: (event.clientX - from.x) / scale, y: (event.clientY - from.y) / scale };
    onChange(handle ? resized(before, handle, by, sensor) : moved(before, by, sensor));
  };
  const end = () => {
    if (drag.current) onSend();
    drag.current = undefined;
  };
  const pointer = { onPointerMove: follow, onPointerUp: end, onPointerCancel: end, onLostPointerCapture: end };
  return (
    <g
      className={classes.region}
      role="button"
      aria-pressed={selected}
      aria-label={`${region.name}: ${regionText(region)}`}
      aria-description={editable ? "Arrows move it, Shift and arrows resize it, Delete removes it." : undefined}
      tabIndex={0}
      onFocus={onSelect}
      onKeyDown={(event) => onKey(event, props, Math.max(1, Math.round(1 / scale)))}
      onPointerDown={(event) => begin(event)}
      {...pointer}
    >
      <RegionOutline region={region} seen={seen} selected={selected} />
      <rect className={classes.grip} data-everywhere={everywhere || undefined} {...seen} />
      {selected &&
        editable &&
        CORNERS.map((handle) => (
          <rect
            key={`${handle.x}${handle.y}`}
            className={classes.handle}
            data-falling={handle.x === handle.y || undefined}
            x={seen.x + ((handle.x + 1) / 2) * seen.width - HANDLE_SIZE / 2}
            y={seen.y + ((handle.y + 1) / 2) * seen.height - HANDLE_SIZE / 2}
            width={HANDLE_SIZE}
            height={HANDLE_SIZE}
            onPointerDown={(event) => begin(event, handle)}
            {...pointer}
          />
        ))}
    </g>
  );
}

function covers({ x, y, width, height }: Rectangle, canvas: Size): boolean {
  return x <= 0 && y <= 0 && x + width >= canvas.width && y + height >= canvas.height;
}

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** @param step - sensor pixels that one press is worth: one pixel of the screen, and at least one of the sensor. */
function onKey(event: React.KeyboardEvent, props: RegionItemProps, step: number): void {
  const { region, sensor, editable, onChange, onRemove } = props;
  if (!editable || event.ctrlKey || event.altKey || event.metaKey) return;
  const arrow = ARROWS[event.key];
  if (arrow) {
    const by = { x: arrow.x * step, y: arrow.y * step };
    onChange(event.shiftKey ? resized(region, { x: 1, y: 1 }, by, sensor) : moved(region, by, sensor), true);
  } else if (event.key === "Delete" || event.key === "Backspace") onRemove();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
