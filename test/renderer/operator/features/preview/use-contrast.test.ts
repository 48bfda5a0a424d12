// @vitest-environment jsdom
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useContrast } from "../../../../../src/renderer/operator/features/preview/use-contrast";
import type { Picture } from "../../../../../src/renderer/shared/picture/picture";

const flat = (value: number, significantBits: number): Picture => {
  const values = new Uint16Array(400).map((_, index) => value + (index % 100));
  const size = { widthPx: 20, heightPx: 20, imageWidthPx: 20, imageHeightPx: 20, binning: 1 };
  return { ...size, significantBits, bytesPerPixel: 2, pixels: new Uint8Array(values.buffer) };
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("useContrast", () => {
  it("follows the picture by itself, a few times a second", () => {
    const { result } = renderHook(useContrast);
    act(() => result.current.see(flat(1000, 12)));
    expect(result.current.largest).toBe(4095);
    const first = result.current.window;
    expect(first.low).toBeGreaterThan(990);
    expect(first.high).toBeLessThan(1110);
    act(() => result.current.see(flat(3000, 12)));
    expect(result.current.window).toBe(first);
    vi.advanceTimersByTime(300);
    act(() => result.current.see(flat(3000, 12)));
    expect(result.current.window.low).toBeGreaterThan(2900);
  });

  it("stays as set by hand until it is told to follow again", () => {
    const { result } = renderHook(useContrast);
    act(() => result.current.see(flat(1000, 12)));
    act(() => result.current.set({ low: 5, high: 50 }));
    vi.advanceTimersByTime(1000);
    act(() => result.current.see(flat(3000, 12)));
    expect(result.current).toMatchObject({ auto: false, window: { low: 5, high: 50 } });
    act(() => result.current.setAuto(true));
    act(() => result.current.see(flat(3000, 12)));
    expect(result.current.window.low).toBeGreaterThan(2900);
  });

  it("keeps its place among the values when their depth changes", () => {
    const { result } = renderHook(useContrast);
    act(() => result.current.see(flat(1000, 12)));
    act(() => result.current.set({ low: 0, high: 4095 }));
    act(() => result.current.see(flat(1000, 16)));
    expect(result.current).toMatchObject({ largest: 65535, window: { low: 0, high: 65535 } });
  });
});
