/** The page's side of the test of drawing: draws one frame with the window's own painter and reads pixels back. */
import { StimulusPainter } from "../../../../src/renderer/stimulus/glass/stimulus-painter";
import { barAt, readScene } from "../../../../src/stimulus";

export interface DrawOrder {
  readonly widthPx: number;
  readonly heightPx: number;
  /** A scene of the contract as plain state. */
  readonly scene: Parameters<typeof readScene>[0];
  /** Worker's clock, decimal. */
  readonly atNs: string;
  readonly squareBright: boolean;
  /** Column and row of each pixel to read; rows count from the bottom. */
  readonly pixels: readonly (readonly [number, number])[];
}

export interface Drawn {
  readonly renderer: string;
  /** Red, green and blue of each pixel. */
  readonly values: readonly (readonly [number, number, number])[];
}

let canvas: OffscreenCanvas | undefined;
let painter: StimulusPainter | undefined;

function draw({ widthPx, heightPx, scene: facts, atNs, squareBright, pixels }: DrawOrder): Drawn {
  canvas ??= new OffscreenCanvas(1, 1);
  painter ??= new StimulusPainter(canvas, (lost) => console.error(`context lost: ${String(lost)}`));
  painter.resize(widthPx, heightPx);
  const scene = readScene(facts);
  const drawn = painter.draw({ look: scene.look, bar: barAt(scene, BigInt(atNs)), squareBright });
  if (!drawn) throw new Error("Nothing was drawn.");
  const gl = canvas.getContext("webgl2");
  if (!gl) throw new Error("There is no context.");
  const all = new Uint8Array(widthPx * heightPx * 4);
  gl.readPixels(0, 0, widthPx, heightPx, gl.RGBA, gl.UNSIGNED_BYTE, all);
  const values = pixels.map(([column, row]) => {
    const at = (row * widthPx + column) * 4;
    return [all[at] ?? -1, all[at + 1] ?? -1, all[at + 2] ?? -1] as const;
  });
  return { renderer: painter.renderer, values };
}

(globalThis as { drawStimulus?: typeof draw }).drawStimulus = draw;
