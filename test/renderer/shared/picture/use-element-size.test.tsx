// @vitest-environment jsdom
import "../../support/page-globals";
import { act, cleanup, render, screen } from "@testing-library/react";
import { useRef } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { useElementSize } from "../../../../src/renderer/shared/picture/use-element-size";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function Sized() {
  const element = useRef<HTMLDivElement>(null);
  const { devicePixelRatio } = useElementSize(element);
  return <div ref={element}>{`ratio ${devicePixelRatio}`}</div>;
}

it("follows the display's scale each time that it changes, though no element changes its size; and stops", () => {
  const asked: { query: string; change: (() => void) | undefined }[] = [];
  vi.stubGlobal("devicePixelRatio", 1);
  vi.stubGlobal("matchMedia", (query: string) => {
    const one: (typeof asked)[number] = { query, change: undefined };
    asked.push(one);
    return {
      addEventListener: (_: string, listener: () => void) => (one.change = listener),
      removeEventListener: () => (one.change = undefined),
    };
  });
  const { unmount } = render(<Sized />);
  for (const ratio of [2, 1.5]) {
    vi.stubGlobal("devicePixelRatio", ratio);
    act(() => asked.at(-1)?.change?.());
    expect(screen.getByText(`ratio ${ratio}`)).toBeTruthy();
    expect(asked.at(-1)?.query).toBe(`(resolution: ${ratio}dppx)`);
  }
  unmount();
  expect(asked.at(-1)?.change).toBeUndefined();
});
