/** Draws single frames of the stimulus with WebGL2. Knows no time and no window: it works on a page and in a worker alike. */
import { greyValues, squareRectangle } from "../../../stimulus";
import type { Bar, StimulusLook } from "../../../stimulus";
import { shaderProgram } from "../../shared/shader-program";
import type { ShaderProgram } from "../../shared/shader-program";
import { FRAGMENT_SHADER, VERTEX_SHADER } from "./stimulus-shaders";

/** This machine cannot draw the stimulus. */
class DrawingImpossible extends Error {
  override readonly name = "DrawingImpossible";
}

/** One frame. */
export interface Frame {
  /** Undefined: grey, of half the luminance, without a square. */
  readonly look: StimulusLook | undefined;
  /** Undefined: grey. */
  readonly bar: Bar | undefined;
  readonly squareBright: boolean;
}

const UNIFORMS = [
  "screenPx",
  "screenCm",
  "distanceCm",
  "tilt",
  "lateral",
  "axis",
  "middleDeg",
  "halfWidthDeg",
  "checkSizeDeg",
  "reversed",
  "greys",
  "square",
  "squareValue",
] as const;
type UniformName = (typeof UNIFORMS)[number];

const GREY = 0;
const AXES = { azimuth: 1, altitude: 2 };

export class StimulusPainter {
  readonly #canvas: HTMLCanvasElement | OffscreenCanvas;
  readonly #gl: WebGL2RenderingContext;
  #program: ShaderProgram<UniformName> | undefined;

  /**
   * @param onLost - told when the graphics context is lost, and when it is back.
   * @throws DrawingImpossible without WebGL2.
   */
  constructor(canvas: HTMLCanvasElement | OffscreenCanvas, onLost: (lost: boolean) => void) {
    const gl = canvas.getContext("webgl2", {
      alpha: false,
      antialias: false,
      depth: false,
      stencil: false,
      powerPreference: "high-performance",
    });
    if (!gl) throw new DrawingImpossible("This machine offers no WebGL2, so the stimulus cannot be drawn.");
    this.#canvas = canvas;
    this.#gl = gl;
    this.#program = this.#build();
    canvas.addEventListener("webglcontextlost", (event) => {
      // Without this the context never comes back.
      event.preventDefault();
      this.#program = undefined;
      onLost(true);
    });
    canvas.addEventListener("webglcontextrestored", () => {
      this.#program = this.#build();
      onLost(false);
    });
  }

  /** What draws: the graphics card's name, or that of the software that stands for it. */
  get renderer(): string {
    const gl = this.#gl;
    const named = gl.getExtension("WEBGL_debug_renderer_info");
    return String(gl.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  }

  /** The canvas gets these physical pixels; its old content is gone until the next frame. */
  resize(widthPx: number, heightPx: number): void {
    this.#canvas.width = widthPx;
    this.#canvas.height = heightPx;
  }

  /** Draws a frame over the whole canvas; answers whether it did: not while the context is lost. */
  draw({ look, bar, squareBright }: Frame): boolean {
    if (!this.#program) return false;
    const gl = this.#gl;
    const { width, height } = this.#canvas;
    const { program, uniforms } = this.#program;
    gl.viewport(0, 0, width, height);
    gl.useProgram(program);
    const greys = greyValues(look);
    gl.uniform3f(uniforms.greys, greys.background, greys.bright, greys.dark);
    const square = look && squareRectangle(look, width, height);
    if (square) {
      const { left, bottom } = square;
      gl.uniform4f(uniforms.square, left, bottom, left + square.width, bottom + square.height);
    } else gl.uniform4f(uniforms.square, 0, 0, 0, 0);
    gl.uniform1f(uniforms.squareValue, squareBright ? 1 : 0);
    if (look && bar) this.#setBar(uniforms, look, bar);
    else gl.uniform1i(uniforms.axis, GREY);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    return !gl.isContextLost();
  }

  /** Gives the graphics memory back. */
  dispose(): void {
    if (this.#program) this.#gl.deleteProgram(this.#program.program);
    this.#program = undefined;
  }

  #setBar(
    uniforms: ShaderProgram<UniformName>["uniforms"],
    { geometry, barWidthDeg, checkSizeDeg }: StimulusLook,
    bar: Bar,
  ): void {
    const gl = this.#gl;
    const tilt = (geometry.tiltDeg * Math.PI) / 180;
    const lateral = (geometry.lateralAngleDeg * Math.PI) / 180;
    gl.uniform2f(uniforms.screenPx, this.#canvas.width, this.#canvas.height);
    gl.uniform2f(uniforms.screenCm, geometry.widthCm, geometry.heightCm);
    gl.uniform1f(uniforms.distanceCm, geometry.distanceCm);
    gl.uniform2f(uniforms.tilt, Math.cos(tilt), Math.sin(tilt));
    gl.uniform2f(uniforms.lateral, Math.cos(lateral), Math.sin(lateral));
    gl.uniform1i(uniforms.axis, AXES[bar.axis]);
    gl.uniform1f(uniforms.middleDeg, bar.angleDeg);
    gl.uniform1f(uniforms.halfWidthDeg, barWidthDeg / 2);
    gl.uniform1f(uniforms.checkSizeDeg, checkSizeDeg);
    gl.uniform1i(uniforms.reversed, bar.reversed ? 1 : 0);
  }

  #build(): ShaderProgram<UniformName> {
    const sources = { vertex: VERTEX_SHADER, fragment: FRAGMENT_SHADER, uniforms: UNIFORMS };
    return shaderProgram(this.#gl, sources, (reason) => new DrawingImpossible(reason));
  }
}
