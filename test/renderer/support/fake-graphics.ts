/** A canvas whose WebGL2 context notes what is asked of it. */

export interface Asked {
  readonly name: string;
  readonly values: readonly unknown[];
}

export interface FakeCanvas {
  readonly canvas: HTMLCanvasElement;
  /** Calls of the context, newest last. */
  readonly asked: Asked[];
  /** Takes the context away, or gives it back. */
  lose(): void;
  restore(): void;
}

/** Constants are their own names; everything that is made is an object. */
export function fakeCanvas(): FakeCanvas {
  const asked: Asked[] = [];
  const context = new Proxy(
    {},
    {
      get: (_, name: string) =>
        /^[A-Z0-9_]+$/.test(name)
          ? name
          : (...values: unknown[]) => {
              asked.push({ name, values });
              if (name === "isContextLost") return false;
              return name === "getUniformLocation" ? values[1] : {};
            },
    },
  );
  const target = new EventTarget();
  const canvas = Object.assign(target, { width: 1, height: 1, getContext: () => context });
  return {
    canvas: canvas as unknown as HTMLCanvasElement,
    asked,
    lose: () => target.dispatchEvent(new Event("webglcontextlost", { cancelable: true })),
    restore: () => target.dispatchEvent(new Event("webglcontextrestored")),
  };
}
