/** The contrast window of the preview: by itself, or as set. */
import { useCallback, useRef, useState } from "react";
import { autoContrast, settled } from "../../../shared/picture/auto-contrast";
import { largestValue } from "../../../shared/picture/picture";
import type { ContrastWindow, Picture } from "../../../shared/picture/picture";

const AUTO_EVERY_MS = 250;
/** Changes smaller than this part of the window are noise. */
const STILL = 0.03;

export interface Contrast {
  readonly window: ContrastWindow;
  /** The largest value a pixel can have. */
  readonly largest: number;
  readonly auto: boolean;
  readonly setAuto: (auto: boolean) => void;
  /** Sets the window by hand; that ends auto. */
  readonly set: (window: ContrastWindow) => void;
  /** To be shown every picture. */
  readonly see: (picture: Picture) => void;
}

export function useContrast(): Contrast {
  const [auto, setAuto] = useState(true);
  const [window, setWindow] = useState<ContrastWindow>({ low: 0, high: 255 });
  const [largest, setLargest] = useState(255);
  const autoNow = useRef(true);
  const seenMs = useRef(Number.NEGATIVE_INFINITY);
  const largestNow = useRef(255);
  const see = useCallback((picture: Picture) => {
    const most = largestValue(picture);
    const otherDepth = most !== largestNow.current;
    if (otherDepth) {
      const factor = most / largestNow.current;
      largestNow.current = most;
      setLargest(most);
      setWindow((before) => settled({ low: before.low * factor, high: before.high * factor }, most));
    }
    const nowMs = performance.now();
    if (!autoNow.current || (nowMs - seenMs.current < AUTO_EVERY_MS && !otherDepth)) return;
    seenMs.current = nowMs;
    const next = autoContrast(picture);
    setWindow((before) => {
      const still = STILL * (before.high - before.low);
      return Math.abs(next.low - before.low) < still && Math.abs(next.high - before.high) < still ? before : next;
    });
  }, []);
  return {
    window,
    largest,
    auto,
    see,
    setAuto: useCallback((value: boolean) => {
      autoNow.current = value;
      seenMs.current = Number.NEGATIVE_INFINITY;
      setAuto(value);
    }, []),
    set: useCallback((value: ContrastWindow) => {
      autoNow.current = false;
      setAuto(false);
      setWindow(settled(value, largestNow.current));
    }, []),
  };
}
