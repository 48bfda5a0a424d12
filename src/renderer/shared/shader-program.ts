/** A program for the graphics driver, out of its two shaders. */

/** A linked program and the places of its uniforms; a uniform that the driver left out has none. */
export interface ShaderProgram<Name extends string> {
  readonly program: WebGLProgram;
  readonly uniforms: Readonly<Record<Name, WebGLUniformLocation | null>>;
}

export interface ShaderSources<Name extends string> {
  readonly vertex: string;
  readonly fragment: string;
  readonly uniforms: readonly Name[];
}

/**
 * Compiles and links. A context that is lost refuses nothing: it is built anew when it comes back.
 *
 * @throws what `impossible` makes of the reason, when the driver refuses.
 */
export function shaderProgram<Name extends string>(
  gl: WebGL2RenderingContext,
  { vertex, fragment, uniforms }: ShaderSources<Name>,
  impossible: (reason: string) => Error,
): ShaderProgram<Name> {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) throw impossible("The graphics driver gave no shader.");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw impossible(`The graphics driver refused the program: ${gl.getProgramInfoLog(program) ?? ""}`);
  }
  const places = uniforms.map((name) => [name, gl.getUniformLocation(program, name)] as const);
  return { program, uniforms: Object.fromEntries(places) as ShaderProgram<Name>["uniforms"] };
}
