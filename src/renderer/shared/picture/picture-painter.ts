/** Draws pictures into a canvas with WebGL2. Knows no window: it works on a page and in a worker alike. */
import { largestValue, pixelValues } from "./picture";
import type { Look, Picture } from "./picture";
import { FRAGMENT_SHADER, VERTEX_SHADER } from "./picture-shaders";

/** This machine cannot draw. */
export class PaintingImpossible extends Error {
  override readonly name = "PaintingImpossible";
}

/** What is kept on the graphics side; all of it is gone when the context is lost. */
interface Resources {
  readonly program: WebGLProgram;
  readonly uniforms: Readonly<Record<UniformName, WebGLUniformLocation | null>>;
  texture: WebGLTexture | null;
  /** Size and depth that the texture was made for. */
  made: string;
}

const UNIFORMS = ["pixels", "origin", "canvasHeight", "scale", "contrast", "saturation", "markSaturated"] as const;
type UniformName = (typeof UNIFORMS)[number];

/** Draws the last picture it was given. Lost contexts come back by themselves, with the picture. */
export class PicturePainter {
  private readonly gl: WebGL2RenderingContext;
  private resources: Resources | undefined;
  private picture: Picture | undefined;
  private uploaded = false;

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
      this.uploaded = false;
      onLost(false);
    });
  }

  /** Takes a picture; it is copied to the graphics side at the next draw. Its pixels must stay as they are until another is taken. */
  take(picture: Picture): void {
    this.picture = picture;
    this.uploaded = false;
  }

  /** Draws the last picture; nothing happens before the first, and while the context is lost. */
  draw(look: Look): void {
    const { gl, canvas, picture, resources } = this;
    if (!resources || !picture) return;
    if (canvas.width !== look.canvasWidthPx) canvas.width = look.canvasWidthPx;
    if (canvas.height !== look.canvasHeightPx) canvas.height = look.canvasHeightPx;
    if (!this.uploaded) this.upload(resources, picture);
    const { uniforms } = resources;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.useProgram(resources.program);
    gl.uniform1i(uniforms.pixels, 0);
    gl.uniform2f(uniforms.origin, look.originXPx, look.originYPx);
    gl.uniform1f(uniforms.canvasHeight, canvas.height);
    gl.uniform1f(uniforms.scale, look.scale * picture.binning);
    gl.uniform2f(uniforms.contrast, look.contrast.low, look.contrast.high);
    gl.uniform1f(uniforms.saturation, largestValue(picture));
    gl.uniform1i(uniforms.markSaturated, look.markSaturated ? 1 : 0);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** Waits until everything asked for has been drawn: for measuring only. */
  finish(): void {
    this.gl.readPixels(0, 0, 1, 1, this.gl.RGBA, this.gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  /** Gives the graphics memory back. */
  dispose(): void {
    if (this.resources?.texture) this.gl.deleteTexture(this.resources.texture);
    if (this.resources) this.gl.deleteProgram(this.resources.program);
    this.resources = undefined;
    this.picture = undefined;
  }

  private upload(resources: Resources, picture: Picture): void {
    const { gl } = this;
    const wide = picture.bytesPerPixel === 2;
    const { widthPx, heightPx } = picture;
    const made = `${widthPx}x${heightPx}x${picture.bytesPerPixel}`;
    gl.activeTexture(gl.TEXTURE0);
    if (resources.made !== made) {
      gl.deleteTexture(resources.texture);
      resources.texture = gl.createTexture();
      resources.made = made;
      gl.bindTexture(gl.TEXTURE_2D, resources.texture);
      gl.texStorage2D(gl.TEXTURE_2D, 1, wide ? gl.R16UI : gl.R8UI, widthPx, heightPx);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    }
    gl.bindTexture(gl.TEXTURE_2D, resources.texture);
    // Rows have no gaps, so an odd width must not be rounded up to four bytes.
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, picture.bytesPerPixel);
    const type = wide ? gl.UNSIGNED_SHORT : gl.UNSIGNED_BYTE;
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, widthPx, heightPx, gl.RED_INTEGER, type, pixelValues(picture));
    this.uploaded = true;
  }

  private build(): Resources {
    const { gl } = this;
    const program = gl.createProgram();
    for (const [kind, source] of [
      [gl.VERTEX_SHADER, VERTEX_SHADER],
      [gl.FRAGMENT_SHADER, FRAGMENT_SHADER],
    ] as const) {
      const shader = gl.createShader(kind);
      if (!shader) throw new PaintingImpossible("The graphics driver gave no shader.");
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      gl.deleteShader(shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
      throw new PaintingImpossible(`The graphics driver refused the program: ${gl.getProgramInfoLog(program) ?? ""}`);
    }
    const uniforms = Object.fromEntries(UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)]));
    return { program, uniforms: uniforms as Resources["uniforms"], texture: null, made: "" };
  }
}
