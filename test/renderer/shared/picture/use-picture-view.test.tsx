// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useRef } from "react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { usePictureView } from "../../../../src/renderer/shared/picture/use-picture-view";
import type { PictureViewControls } from "../../../../src/renderer/shared/picture/use-picture-view";
import { freed, imagePoint } from "../../../../src/renderer/shared/picture/picture-view";

const canvas = { width: 800, height: 600, devicePixelRatio: 2 };
const image = { width: 1000, height: 1000 };
let controls: PictureViewControls;

function Picture({ seen = image }: { readonly seen?: typeof image | undefined }) {
  const holder = useRef<HTMLDivElement>(null);
  controls = usePictureView(holder, canvas, seen);
  return <div ref={holder} aria-label="picture" tabIndex={0} {...controls.handlers} />;
}

beforeEach(() => {
  // jsdom has no pointers to capture.
  Element.prototype.setPointerCapture = () => undefined;
});
afterEach(cleanup);

const picture = () => screen.getByLabelText("picture");
const view = () => freed(controls.view, canvas, image);

/** An event at a place of the element, which jsdom does not work out. */
function at(event: Event, x: number, y: number): Event {
  return Object.defineProperties(event, { clientX: { value: x }, clientY: { value: y } });
}

describe("usePictureView", () => {
  it("zooms by the wheel at the pointer, and keeps the page from scrolling", () => {
    render(<Picture />);
    const held = imagePoint(view(), { x: 500, y: 200 }, canvas);
    const wheel = at(new WheelEvent("wheel", { deltaY: -400, bubbles: true, cancelable: true }), 500, 200);
    fireEvent(picture(), wheel);
    expect(wheel.defaultPrevented).toBe(true);
    expect(view().scale).toBeGreaterThan(0.6);
    expect(imagePoint(view(), { x: 500, y: 200 }, canvas).x).toBeCloseTo(held.x);
  });

  it("shows one image pixel on one pixel of the screen by double click, and fits again by another", () => {
    render(<Picture />);
    const twice = () => fireEvent(picture(), at(new MouseEvent("dblclick", { bubbles: true }), 400, 300));
    twice();
    expect(view().scale).toBe(0.5);
    twice();
    expect(controls.view).toEqual({ kind: "fit" });
  });

  it("pans by dragging, and only while dragging", () => {
    render(<Picture />);
    const before = view().centre;
    fireEvent.pointerMove(picture(), { clientX: 50, clientY: 50 });
    expect(view().centre).toEqual(before);
    fireEvent.pointerDown(picture(), { button: 0, clientX: 100, clientY: 100 });
    fireEvent.pointerMove(picture(), { clientX: 130, clientY: 100 });
    fireEvent.pointerUp(picture());
    fireEvent.pointerMove(picture(), { clientX: 500, clientY: 500 });
    expect(view().centre).toEqual({ x: before.x - 30 / 0.6, y: before.y });
  });

  it.each(["pointerCancel", "lostPointerCapture"] as const)("pans no more after %s", (ended) => {
    render(<Picture />);
    fireEvent.pointerDown(picture(), { button: 0, clientX: 100, clientY: 100 });
    fireEvent[ended](picture());
    const before = controls.view;
    fireEvent.pointerMove(picture(), { clientX: 500, clientY: 500 });
    expect(controls.view).toBe(before);
  });

  it("pans by arrow keys, over the image", () => {
    render(<Picture />);
    fireEvent.keyDown(picture(), { key: "ArrowRight" });
    expect(view().centre.x).toBeCloseTo(500 + 80 / 0.6);
    fireEvent.keyDown(picture(), { key: "ArrowUp" });
    expect(view().centre.y).toBeCloseTo(500 - 60 / 0.6);
  });

  it("does nothing before there is an image", () => {
    render(<Picture seen={{ width: 0, height: 0 }} />);
    fireEvent(picture(), at(new MouseEvent("dblclick", { bubbles: true }), 400, 300));
    expect(controls.view).toEqual({ kind: "fit" });
  });
});
