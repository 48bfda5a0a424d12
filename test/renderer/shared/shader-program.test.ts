import { describe, expect, it } from "vitest";
import { shaderProgram } from "../../../src/renderer/shared/shader-program";

const SOURCES = { vertex: "vertex", fragment: "fragment", uniforms: ["place", "left_out"] } as const;

/** A context that says what the test lets it say; whatever else is asked of it does nothing. */
function context(says: Readonly<Record<string, unknown>>): WebGL2RenderingContext {
  const answers: Readonly<Record<string, unknown>> = { createProgram: "program", createShader: "shader", ...says };
  return new Proxy({} as WebGL2RenderingContext, {
    get: (_, name: string) =>
      name === name.toUpperCase()
        ? name
        : (_program: unknown, asked: unknown) => {
            const answer = answers[name];
            return typeof answer === "function" ? (answer as (value: unknown) => unknown)(asked) : answer;
          },
  });
}

const build = (says: Readonly<Record<string, unknown>>) =>
  shaderProgram(context(says), SOURCES, (reason) => new RangeError(reason));

describe("shader program", () => {
  it("has a place for each uniform, and none for one that the driver left out", () => {
    const places = (name: unknown) => (name === "place" ? "its place" : null);
    const { program, uniforms } = build({ getProgramParameter: true, getUniformLocation: places });
    expect(program).toBe("program");
    expect(uniforms).toEqual({ place: "its place", left_out: null });
  });

  it("tells why the driver refuses, as its caller wants it told", () => {
    expect(() => build({ createShader: null })).toThrow(new RangeError("The graphics driver gave no shader."));
    expect(() => build({ getProgramParameter: false, isContextLost: false, getProgramInfoLog: "too long" })).toThrow(
      new RangeError("The graphics driver refused the program: too long"),
    );
  });

  it("blames nobody while the context is lost", () => {
    expect(() => build({ getProgramParameter: false, isContextLost: true })).not.toThrow();
  });
});
