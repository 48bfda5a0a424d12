/** Draws pictures into a canvas with WebGL2. Knows no window: it works on a page and in a worker alike. */
import { shaderProgram } from "../shader-program";
import type { ShaderProgram } from "../shader-program";
import { GreyTexture } from "./grey-texture";
import { isWhole, largestValue } from "./picture";
import type { Look, Overlay, Picture } from "./picture";
import { FRAGMENT_SHADER, VERTEX_SHADER } from "./picture-shaders";

/** This machine cannot draw. */
export class PaintingImpossible extends Error {
  override readonly name = "PaintingImpossible";
}

const UNIFORMS = [
  "pixels",
  "backdrop",
  "overlay",
  "origin",
  "canvasHeight",
  "scale",
  "image",
  "part",
  "backdropBinning",
  "sensor",
  "overlayPlace",
  "overlayOpacity",
  "contrast",
  "gamma",
  "saturation",
  "markSaturated",
] as const;
type UniformName = (typeof UNIFORMS)[number];

/** What is kept on the graphics side; all of it is gone when the context is lost. */
interface Resources extends ShaderProgram<UniformName> {
  readonly picture: GreyTexture;
  readonly backdrop: GreyTexture;
  readonly overlay: GreyTexture;
}

/** Stands in for a picture that is not there: a sampler needs a texture of its kind. */
const NOTHING = { widthPx: 1, heightPx: 1, bytesPerPixel: 1, pixels: new Uint8Array(1) };

/** Draws the last picture it was given, and the overlay. Lost contexts come back by themselves, with both. */
export class PicturePainter {
  private readonly gl: WebGL2RenderingContext;
  private resources: Resources | undefined;
  private picture: Picture | undefined;
  /** The last picture of all of the image; seen beside one of a part. */
  private whole: Picture | undefined;
  private overlaid: Overlay | undefined;

  /**
   * @param onLost - told when the graphics context is lost, and when it is back: draw again then.
   * @throws PaintingImpossible without WebGL2.
   */
  constructor(
    private readonly canvas: HTMLCanvasElement | OffscreenCanvas,
    onLost: (lost: boolean) => void,
  ) {
    const options: WebGLContextAttributes = { alpha: false, antialias: false, depth: false, stencil: false };
    const gl = canvas.getContext("webgl2", options);
    if (!gl) throw new PaintingImpossible("This machine offers no WebGL2, so the picture cannot be drawn.");
    this.gl = gl;
    this.resources = this.build();
    canvas.addEventListener("webglcontextlost", (event) => {
      // Without this the context never comes back.
      event.preventDefault();
      this.resources = undefined;
      onLost(true);
    });
    canvas.addEventListener("webglcontextrestored", () => {
      this.resources = this.build();
      onLost(false);
    });
  }

  /** Takes a picture; it is copied to the graphics side at the next draw. Its pixels must stay as they are until another is taken. */
  take(picture: Picture): void {
    this.picture = picture;
    if (isWhole(picture)) this.whole = picture;
    else if (this.whole && !sameImage(this.whole, picture)) this.whole = undefined;
  }

  /** Lays a picture over the live one, or none. */
  overlay(overlay: Overlay | undefined): void {
    this.overlaid = overlay;
  }

  /** Draws the last picture; nothing happens before the first, and while the context is lost. */
  draw(look: Look): void {
    const { gl, canvas, picture, resources } = this;
    if (!resources || !picture) return;
    if (canvas.width !== look.canvasWidthPx) canvas.width = look.canvasWidthPx;
    if (canvas.height !== look.canvasHeightPx) canvas.height = look.canvasHeightPx;
    const backdrop = this.whole && this.whole !== picture ? this.whole : undefined;
    resources.picture.show(picture);
    resources.backdrop.show(backdrop ?? NOTHING);
    resources.overlay.show(this.overlaid ?? NOTHING);
    const { uniforms } = resources;
    const largest = largestValue(picture);
    const { placement } = picture;
    const over = this.overlaid?.placement ?? { xPx: 0, yPx: 0, binning: 1 };
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.useProgram(resources.program);
    gl.uniform1i(uniforms.pixels, 0);
    gl.uniform1i(uniforms.backdrop, 1);
    gl.uniform1i(uniforms.overlay, 2);
    gl.uniform2f(uniforms.origin, look.originXPx, look.originYPx);
    gl.uniform1f(uniforms.canvasHeight, canvas.height);
    gl.uniform1f(uniforms.scale, look.scale);
    gl.uniform2f(uniforms.image, picture.imageWidthPx, picture.imageHeightPx);
    gl.uniform3f(uniforms.part, picture.partXPx, picture.partYPx, picture.binning);
    gl.uniform1f(uniforms.backdropBinning, backdrop?.binning ?? 0);
    gl.uniform3f(uniforms.sensor, placement.xPx, placement.yPx, placement.binning);
    gl.uniform3f(uniforms.overlayPlace, over.xPx, over.yPx, over.binning);
    gl.uniform1f(uniforms.overlayOpacity, this.overlaid ? look.overlayOpacity : 0);
    gl.uniform2f(uniforms.contrast, look.contrast.black * largest, look.contrast.white * largest);
    gl.uniform1f(uniforms.gamma, look.gamma);
    gl.uniform1f(uniforms.saturation, largest);
    gl.uniform1i(uniforms.markSaturated, look.markSaturated ? 1 : 0);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** Waits until everything asked for has been drawn: for measuring only. */
  finish(): void {
    this.gl.readPixels(0, 0, 1, 1, this.gl.RGBA, this.gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  /** Gives the graphics memory back. */
  dispose(): void {
    const { resources } = this;
    if (resources) {
      for (const texture of [resources.picture, resources.backdrop, resources.overlay]) texture.dispose();
      this.gl.deleteProgram(resources.program);
    }
    this.resources = undefined;
    this.picture = undefined;
    this.whole = undefined;
  }

  private build(): Resources {
    const { gl } = this;
    const sources = { vertex: VERTEX_SHADER, fragment: FRAGMENT_SHADER, uniforms: UNIFORMS };
    return {
      ...shaderProgram(gl, sources, (reason) => new PaintingImpossible(reason)),
      picture: new GreyTexture(gl, 0),
      backdrop: new GreyTexture(gl, 1),
      overlay: new GreyTexture(gl, 2),
    };
  }
}

/** Whether two pictures are of the same stretch of the sensor in the same depth. */
function sameImage(one: Picture, other: Picture): boolean {
  return (
    one.imageWidthPx === other.imageWidthPx &&
    one.imageHeightPx === other.imageHeightPx &&
    one.significantBits === other.significantBits &&
    one.placement.xPx === other.placement.xPx &&
    one.placement.yPx === other.placement.yPx &&
    one.placement.binning === other.placement.binning
  );
}
