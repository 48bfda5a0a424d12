// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ContrastHandle } from "../../../../../src/renderer/operator/features/preview/contrast-handle";

beforeEach(() => {
  // jsdom has no pointers to capture.
  Object.assign(Element.prototype, { setPointerCapture: () => undefined });
});
afterEach(cleanup);

function renderHandle() {
  const changes: number[] = [];
  const range = { least: 0, most: 0.9, largest: 4095, width: 100 };
  render(<ContrastHandle label="Black level" value={0.2} {...range} onChange={(to) => changes.push(to)} />);
  return { changes, handle: screen.getByRole("slider", { name: "Black level" }) };
}

describe("ContrastHandle", () => {
  it("follows the pointer as far as it may, until it is let go", () => {
    const { changes, handle } = renderHandle();
    fireEvent.pointerDown(handle, { button: 0, clientX: 20 });
    fireEvent.pointerMove(handle, { clientX: 50 });
    fireEvent.pointerMove(handle, { clientX: 300 });
    fireEvent.pointerUp(handle);
    fireEvent.pointerMove(handle, { clientX: 30 });
    expect(changes).toEqual([0.5, 0.9]);
  });

  it.each(["pointerCancel", "lostPointerCapture"] as const)("follows no more after %s", (ended) => {
    const { changes, handle } = renderHandle();
    fireEvent.pointerDown(handle, { button: 0, clientX: 20 });
    fireEvent[ended](handle);
    fireEvent.pointerMove(handle, { clientX: 50 });
    expect(changes).toEqual([]);
  });
});
