/** An element's size in physical pixels, exactly: not CSS pixels times a factor, which rounds. */

export interface PhysicalSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Tells the size now and whenever it changes, until the returned function is called. */
export function watchPhysicalSize(element: Element, onSize: (size: PhysicalSize) => void): () => void {
  const observer = new ResizeObserver((entries) => {
    const box = entries.at(-1)?.devicePixelContentBoxSize[0];
    if (box && box.inlineSize > 0 && box.blockSize > 0) onSize({ widthPx: box.inlineSize, heightPx: box.blockSize });
  });
  observer.observe(element, { box: "device-pixel-content-box" });
  return () => observer.disconnect();
}
