/** A place where pictures are shown: takes pictures and ways of looking, draws once a screen refresh. */
import type { Look, Overlay, Picture } from "./picture";
import { PicturePainter } from "./picture-painter";

export interface PictureSurface {
  /** Answers when the picture is drawn. While the window is hidden that waits until it is seen again. */
  show(picture: Picture): Promise<void>;
  /** Draws the last picture in another way. */
  look(look: Look): void;
  /** Lays a picture over the live one, or none. */
  overlay(overlay: Overlay | undefined): void;
  dispose(): void;
}

/** Frame timing of a page or a worker. */
export interface Refresh {
  requestAnimationFrame(callback: () => void): number;
  cancelAnimationFrame(handle: number): void;
}

/** Draws on the thread it is made on. */
export class CanvasSurface implements PictureSurface {
  private readonly painter: PicturePainter;
  private lookNow: Look | undefined;
  private shown: (() => void)[] = [];
  private requested: number | undefined;

  /** @throws PaintingImpossible without WebGL2. */
  constructor(
    canvas: HTMLCanvasElement | OffscreenCanvas,
    private readonly refresh: Refresh,
    onLost: (lost: boolean) => void,
  ) {
    this.painter = new PicturePainter(canvas, (lost) => {
      onLost(lost);
      if (!lost) this.request();
    });
  }

  show(picture: Picture): Promise<void> {
    this.painter.take(picture);
    return new Promise((resolve) => {
      this.shown.push(resolve);
      this.request();
    });
  }

  look(look: Look): void {
    this.lookNow = look;
    this.request();
  }

  overlay(overlay: Overlay | undefined): void {
    this.painter.overlay(overlay);
    this.request();
  }

  dispose(): void {
    if (this.requested !== undefined) this.refresh.cancelAnimationFrame(this.requested);
    this.painter.dispose();
    this.settle();
  }

  private request(): void {
    this.requested ??= this.refresh.requestAnimationFrame(() => {
      this.requested = undefined;
      if (this.lookNow) this.painter.draw(this.lookNow);
      this.settle();
    });
  }

  private settle(): void {
    const shown = this.shown;
    this.shown = [];
    for (const resolve of shown) resolve();
  }
}
