/** The regions over the picture: drawn, moved and resized with the pointer or with keys. */
import { useEffect, useRef, useState } from "react";
import { regionSelected, removeRegion, shownRegions } from "../../../../mirror";
import type { RegionMirror } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { seenRectangle, sensorPoint, sensorScale, visiblePart } from "../../../shared/picture/placement";
import type { PlacedImage, Rectangle } from "../../../shared/picture/placement";
import type { FreeView, Point, Size } from "../../../shared/picture/picture-view";
import { RegionOutline } from "../../../shared/picture/region-outline";
import { placeIn } from "../../../shared/picture/use-picture-view";
import { commandHindrance } from "../../authority";
import { shapeOf } from "./picture-tool";
import type { PictureTool } from "./picture-tool";
import { between, MOST_REGIONS, newRegion } from "./region-editing";
import { RegionItem } from "./region-item";
import { useRegionDrafts } from "./use-region-drafts";
import classes from "./region-layer.module.css";

/** A drag shorter than this was a click. CSS pixels. */
const LEAST_DRAG = 4;

export interface RegionLayerProps {
  readonly view: FreeView;
  readonly canvas: Size;
  readonly image: PlacedImage;
  readonly tool: PictureTool;
  readonly onTool: (tool: PictureTool) => void;
}

export function RegionLayer({ view, canvas, image, tool, onTool }: RegionLayerProps) {
  const dispatch = useMirrorDispatch();
  const regions = useMirror((state) => shownRegions(state.regions));
  const selectedId = useMirror((state) => state.regions.selectedId);
  const shown = useMirror((state) => state.view.showRegions);
  const hindered = useMirror((state) => commandHindrance(state) !== undefined);
  const sensor = useSensor(image);
  const { draft, change, send } = useRegionDrafts();
  const [corners, setCorners] = useState<{ readonly from: Point; readonly to: Point }>();
  const shape = shapeOf(tool);
  const layer = useRef<SVGSVGElement>(null);
  const draws = shape !== undefined;
  // Once, when the tool is taken up: whoever types somewhere else meanwhile keeps the focus, or letters would become commands.
  useEffect(() => {
    if (draws) layer.current?.focus();
  }, [draws]);
  const { placement } = image;
  const seen = (place: Rectangle) => seenRectangle(place, view, canvas, placement);
  const select = (id: string) => dispatch(regionSelected(id));
  const add = (place: Rectangle) => {
    if (!shape || regions.length >= MOST_REGIONS) return;
    const region = newRegion(shape, place, regions);
    change(region);
    send();
    select(region.id);
    onTool("look");
  };
  const finish = () => {
    setCorners(undefined);
    if (!corners) return;
    const [dx, dy] = [corners.to.x - corners.from.x, corners.to.y - corners.from.y];
    if (Math.hypot(dx, dy) * sensorScale(view, placement) >= LEAST_DRAG) add(between(corners.from, corners.to, sensor));
  };
  return (
    <svg
      className={classes.layer}
      data-drawing={shape !== undefined || undefined}
      width={canvas.width}
      height={canvas.height}
      role={shape ? "application" : "group"}
      aria-label={shape ? `Drawing a region: ${tool}` : "Regions"}
      tabIndex={shape ? 0 : -1}
      ref={layer}
      onPointerDown={(event) => {
        if (!shape || event.button !== 0) return;
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        const from = sensorPoint(placeIn(event.currentTarget, event), view, canvas, placement);
        setCorners({ from, to: from });
      }}
      onPointerMove={(event) => {
        if (!corners) return;
        event.stopPropagation();
        setCorners({ ...corners, to: sensorPoint(placeIn(event.currentTarget, event), view, canvas, placement) });
      }}
      onPointerUp={finish}
      onPointerCancel={() => setCorners(undefined)}
      onLostPointerCapture={() => setCorners(undefined)}
      onDoubleClick={(event) => {
        if (shape) event.stopPropagation();
      }}
      onKeyDown={(event) => {
        if (!shape || event.target !== event.currentTarget || event.shiftKey) return;
        if (event.key === "Escape") {
          setCorners(undefined);
          onTool("look");
        } else if (event.key === "Enter") add(middleOf(view, canvas, image));
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {shown &&
        regions.map((region) => (
          <RegionItem
            key={region.id}
            region={draft?.id === region.id ? draft : region}
            view={view}
            canvas={canvas}
            placement={placement}
            sensor={sensor}
            selected={region.id === selectedId}
            editable={!hindered && !shape}
            onSelect={() => select(region.id)}
            onChange={change}
            onSend={send}
            onRemove={() => {
              void dispatch(removeRegion(region.id));
            }}
          />
        ))}
      {shape && corners && (
        <RegionOutline
          region={preview(shape, between(corners.from, corners.to, sensor), regions)}
          seen={seen(between(corners.from, corners.to, sensor))}
          selected
        />
      )}
    </svg>
  );
}

function preview(shape: NonNullable<ReturnType<typeof shapeOf>>, place: Rectangle, regions: readonly RegionMirror[]) {
  return newRegion(shape, place, regions, "drawn");
}

/** The sensor's size; before the worker has told, the image's. */
function useSensor({ width, height, placement }: PlacedImage): Size {
  const sensorWidth = useMirror((state) => state.regions.current?.state.sensorWidthPx ?? 0);
  const sensorHeight = useMirror((state) => state.regions.current?.state.sensorHeightPx ?? 0);
  return {
    width: sensorWidth || placement.xPx + width * placement.binning,
    height: sensorHeight || placement.yPx + height * placement.binning,
  };
}

/** A fifth of what is seen, in its middle, in sensor pixels. */
function middleOf(view: FreeView, canvas: Size, image: PlacedImage): Rectangle {
  const { x, y, width, height } = visiblePart(view, canvas, image);
  const side = Math.max(1, Math.min(width, height) / 5);
  const { xPx, yPx, binning } = image.placement;
  return {
    x: xPx + (x + width / 2 - side / 2) * binning,
    y: yPx + (y + height / 2 - side / 2) * binning,
    width: side * binning,
    height: side * binning,
  };
}
