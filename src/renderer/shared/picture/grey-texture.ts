/** A texture of unsigned integers on the graphics side, made anew only when its size or depth changes. */
import { pixelValues } from "./picture";

/** What it takes. */
export interface GreyPixels {
  readonly widthPx: number;
  readonly heightPx: number;
  /** 1 or 2; rows without gaps, little-endian. */
  readonly bytesPerPixel: number;
  readonly pixels: Uint8Array;
}

export class GreyTexture {
  private texture: WebGLTexture | null = null;
  private made = "";
  private filled: GreyPixels | undefined;

  /** @param unit - which of the texture units it is bound to. */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly unit: number,
  ) {}

  /** Binds the texture with these pixels; they are copied unless they are in it already. */
  show(source: GreyPixels): void {
    const { gl } = this;
    const wide = source.bytesPerPixel === 2;
    const { widthPx, heightPx, bytesPerPixel } = source;
    const made = `${widthPx}x${heightPx}x${bytesPerPixel}`;
    gl.activeTexture(gl.TEXTURE0 + this.unit);
    if (this.made !== made) {
      gl.deleteTexture(this.texture);
      this.texture = gl.createTexture();
      this.made = made;
      this.filled = undefined;
      gl.bindTexture(gl.TEXTURE_2D, this.texture);
      gl.texStorage2D(gl.TEXTURE_2D, 1, wide ? gl.R16UI : gl.R8UI, widthPx, heightPx);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    }
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    if (this.filled === source) return;
    // Rows have no gaps, so an odd width must not be rounded up to four bytes.
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, bytesPerPixel);
    const type = wide ? gl.UNSIGNED_SHORT : gl.UNSIGNED_BYTE;
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, widthPx, heightPx, gl.RED_INTEGER, type, pixelValues(source));
    this.filled = source;
  }

  dispose(): void {
    this.gl.deleteTexture(this.texture);
    this.texture = null;
    this.made = "";
    this.filled = undefined;
  }
}
