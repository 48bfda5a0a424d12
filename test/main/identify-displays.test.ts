import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Displays } from "../../src/main/displays";
import { DisplaySigns, SHOWN_MS, signUrl } from "../../src/main/identify-displays";
import { overlap, type Rectangle } from "../../src/main/placement";
import { BUILT_IN, FakeScreen, STIMULUS } from "./support/fake-screen";

const listed = new Displays(new FakeScreen(BUILT_IN, { ...STIMULUS, label: '<b onload="x">&' }), "linux").list();

describe("DisplaySigns", () => {
  let open: { bounds: Rectangle; url: string }[] = [];
  const signs = new DisplaySigns((bounds, url) => {
    const sign = { bounds, url };
    open.push(sign);
    return {
      destroy: () => {
        open = open.filter((other) => other !== sign);
      },
    };
  });
  beforeEach(() => {
    open = [];
    vi.useFakeTimers();
  });
  afterEach(() => {
    signs.clear();
    vi.useRealTimers();
  });

  test("stand in the middle of each display for some seconds", () => {
    signs.show(listed);
    expect(open.map(({ bounds }, index) => overlap(bounds, listed[index]?.bounds ?? bounds))).toEqual([
      460 * 260,
      460 * 260,
    ]);
    vi.advanceTimersByTime(SHOWN_MS - 1);
    expect(open).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(open).toEqual([]);
  });

  test("stand once, and as long from then on, when asked for again", () => {
    signs.show(listed);
    vi.advanceTimersByTime(SHOWN_MS - 1);
    signs.show(listed);
    expect(open).toHaveLength(2);
    vi.advanceTimersByTime(SHOWN_MS - 1);
    expect(open).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect([open.length, vi.getTimerCount()]).toEqual([0, 0]);
  });
});

test("a sign tells number, name, size and rate, and a name brings no markup", () => {
  const [first, second] = listed.map((display) => decodeURIComponent(signUrl(display)));
  expect(first).toContain("<b>1</b>");
  expect(first).toContain("Built-in");
  expect(first).toContain("2560 × 1600, 60 Hz");
  expect(second).toContain("1920 × 1080, 59.95 Hz");
  expect(second).not.toContain("<b onload");
  expect(second).toContain("&#60;b onload=&#34;x&#34;&#62;&#38;");
});
