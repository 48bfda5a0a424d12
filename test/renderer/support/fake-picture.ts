/** Moving grey pictures with vessels and a bright spot that saturates, cheap enough to make 60 a second. */
import { create } from "@bufbuild/protobuf";
import { PreviewFrameSchema } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import type { PreviewFrame } from "../../../gen/ts/macroscope/camera/v1/camera_pb";

const VARIANTS = 8;

/** Makes preview pictures of one size; values of `significantBits`, 16-bit pixels above 8. */
export class FakePictures {
  private readonly variants: Uint8Array[] = [];
  private made = 0;

  constructor(
    readonly sizePx: number,
    readonly significantBits: number,
    readonly imageSizePx = 1024,
  ) {
    const background = vessels(sizePx, 2 ** significantBits - 1);
    for (let variant = 0; variant < VARIANTS; variant += 1) this.variants.push(this.noisy(background, variant));
  }

  /** The next picture. */
  next(): PreviewFrame {
    this.made += 1;
    const pixels = this.variants[this.made % VARIANTS] ?? new Uint8Array();
    return create(PreviewFrameSchema, {
      frameId: BigInt(this.made),
      receivedNs: BigInt(Math.round(performance.now() * 1e6)),
      widthPx: this.sizePx,
      heightPx: this.sizePx,
      binning: this.imageSizePx / this.sizePx,
      significantBits: this.significantBits,
      saturatedPx: 212n,
      imageWidthPx: this.imageSizePx,
      imageHeightPx: this.imageSizePx,
      bytesPerPixel: this.significantBits > 8 ? 2 : 1,
      pixels,
    });
  }

  private noisy(background: Float32Array, seed: number): Uint8Array {
    const largest = 2 ** this.significantBits - 1;
    const values = this.significantBits > 8 ? new Uint16Array(background.length) : new Uint8Array(background.length);
    let state = 12345 + seed * 7919;
    for (let index = 0; index < values.length; index += 1) {
      state = (state * 1664525 + 1013904223) >>> 0;
      const noise = (state / 2 ** 32 - 0.5) * largest * 0.02;
      values[index] = Math.max(0, Math.min(largest, Math.round((background[index] ?? 0) + noise)));
    }
    return new Uint8Array(values.buffer);
  }
}

function vessels(sizePx: number, largest: number): Float32Array {
  const picture = new Float32Array(sizePx * sizePx);
  for (let y = 0; y < sizePx; y += 1) {
    for (let x = 0; x < sizePx; x += 1) {
      const u = x / sizePx;
      const v = y / sizePx;
      let light = 0.62 * (1 - 0.7 * ((u - 0.5) ** 2 + (v - 0.5) ** 2));
      for (let vessel = 1; vessel < 7; vessel += 1) {
        const path = 0.14 * vessel + 0.05 * Math.sin(9 * v + vessel * 2.1) + 0.02 * Math.sin(31 * v + vessel);
        const width = 0.004 + 0.003 * (vessel % 3);
        light *= 1 - 0.45 * Math.exp(-(((u - path) / width) ** 2));
      }
      light += 0.9 * Math.exp(-((u - 0.78) ** 2 + (v - 0.2) ** 2) / 0.0009);
      picture[y * sizePx + x] = Math.min(1, light) * largest;
    }
  }
  return picture;
}
