/** Zoom and pan of the preview by wheel, drag, double click and keys. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { RefObject } from "react";
import { FIT, freed, pannedBy, scaledAt, zoomedAt } from "./picture-view";
import type { FramedImage, PictureView, Point, Size } from "./picture-view";

const WHEEL_STEP = 0.0015;
const KEY_ZOOM = 1.25;
const KEY_PAN = 0.1;

export interface PictureViewControls {
  readonly view: PictureView;
  readonly fit: () => void;
  /** One image pixel on one pixel of the screen. */
  readonly oneToOne: (at?: Point) => void;
  readonly zoomIn: () => void;
  readonly zoomOut: () => void;
  readonly handlers: Pick<
    React.HTMLAttributes<HTMLElement>,
    | "onPointerDown"
    | "onPointerMove"
    | "onPointerUp"
    | "onPointerCancel"
    | "onLostPointerCapture"
    | "onDoubleClick"
    | "onKeyDown"
  >;
}

export function usePictureView(
  holder: RefObject<HTMLElement | null>,
  canvas: Size & { readonly devicePixelRatio: number },
  image: FramedImage | undefined,
): PictureViewControls {
  const [view, setView] = useState<PictureView>(FIT);
  const dragged = useRef<Point | undefined>(undefined);
  const { width, height, devicePixelRatio } = canvas;

  const change = useCallback(
    (make: (before: PictureView, canvasSize: Size, framed: FramedImage) => PictureView) => {
      if (!image || image.width === 0 || width === 0) return;
      setView((before) => make(before, { width, height }, image));
    },
    [width, height, image],
  );
  const zoom = useCallback(
    (factor: number, at: Point = { x: width / 2, y: height / 2 }) =>
      change((before, canvasSize, imageSize) => zoomedAt(before, factor, at, canvasSize, imageSize)),
    [change, width, height],
  );
  const pan = useCallback(
    (by: Point) => change((before, canvasSize, imageSize) => pannedBy(before, by, canvasSize, imageSize)),
    [change],
  );
  const oneToOne = useCallback(
    (at: Point = { x: width / 2, y: height / 2 }) =>
      change((before, canvasSize, imageSize) => {
        const scale = 1 / devicePixelRatio;
        const already = Math.abs(freed(before, canvasSize, imageSize).scale - scale) < 1e-6;
        return already ? FIT : scaledAt(before, scale, at, canvasSize, imageSize);
      }),
    [change, width, height, devicePixelRatio],
  );

  // React listens to the wheel passively, and then the page could not keep it to itself.
  useEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      zoom(Math.exp(-event.deltaY * WHEEL_STEP), placeIn(element, event));
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [holder, zoom]);

  const endDrag = () => {
    dragged.current = undefined;
  };
  return {
    view,
    fit: useCallback(() => setView(FIT), []),
    oneToOne,
    zoomIn: useCallback(() => zoom(KEY_ZOOM), [zoom]),
    zoomOut: useCallback(() => zoom(1 / KEY_ZOOM), [zoom]),
    handlers: {
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        dragged.current = { x: event.clientX, y: event.clientY };
      },
      onPointerMove: (event) => {
        const from = dragged.current;
        if (!from) return;
        pan({ x: event.clientX - from.x, y: event.clientY - from.y });
        dragged.current = { x: event.clientX, y: event.clientY };
      },
      onPointerUp: endDrag,
      // Ended by the system: a pen that leaves, a dialog of another program.
      onPointerCancel: endDrag,
      onLostPointerCapture: endDrag,
      onDoubleClick: (event) => oneToOne(placeIn(event.currentTarget, event)),
      onKeyDown: (event) => {
        const by = ARROWS[event.key];
        // What lies in the picture, such as a region, has arrows of its own.
        if (!by || event.target !== event.currentTarget || event.shiftKey || event.ctrlKey || event.altKey) return;
        event.preventDefault();
        pan({ x: by.x * width * KEY_PAN, y: by.y * height * KEY_PAN });
      },
    },
  };
}

/** Where a pointer is in an element. What lies over it may be what the pointer hits, so the event's own offset does not do. */
export function placeIn(element: Element, pointer: { readonly clientX: number; readonly clientY: number }): Point {
  const { left, top } = element.getBoundingClientRect();
  return { x: pointer.clientX - left, y: pointer.clientY - top };
}

/** An arrow moves the window over the image, so the image moves the other way. */
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: 1, y: 0 },
  ArrowRight: { x: -1, y: 0 },
  ArrowUp: { x: 0, y: 1 },
  ArrowDown: { x: 0, y: -1 },
};
