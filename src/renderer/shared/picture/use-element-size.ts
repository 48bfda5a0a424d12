/** An element's size in CSS pixels, and the screen's device pixels in one of them. */
import { useEffect, useState } from "react";
import type { RefObject } from "react";

export interface ElementSize {
  readonly width: number;
  readonly height: number;
  readonly devicePixelRatio: number;
}

export function useElementSize(element: RefObject<HTMLElement | null>): ElementSize {
  const [size, setSize] = useState<ElementSize>({ width: 0, height: 0, devicePixelRatio: 1 });
  useEffect(() => {
    const observed = element.current;
    if (!observed) return undefined;
    const measure = () =>
      setSize({
        width: observed.clientWidth,
        height: observed.clientHeight,
        devicePixelRatio: window.devicePixelRatio,
      });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(observed);
    // On another display the same CSS pixels may be more of the screen's, and no element has changed its size.
    let scale: MediaQueryList;
    const watchScale = () => {
      scale = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
      scale.addEventListener("change", onScale, { once: true });
    };
    const onScale = () => {
      measure();
      watchScale();
    };
    watchScale();
    return () => {
      observer.disconnect();
      scale.removeEventListener("change", onScale);
    };
  }, [element]);
  return size;
}
