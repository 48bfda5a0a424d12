import { Code } from "@connectrpc/connect";
import { describe, expect, test, vi } from "vitest";
import { LimitExceededSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { WindowKind } from "../../gen/ts/macroscope/window/v1/window_pb";
import { MOST_PREVIEWS } from "../../src/main/window-kinds";
import { BUILT_IN, STIMULUS } from "./support/fake-screen";
import { makeWindows } from "./support/fake-window";

const { OPERATOR, PREVIEW, STIMULUS: STIMULUS_KIND } = WindowKind;
const refusal = (code: Code, message: string): unknown =>
  expect.objectContaining({ code, rawMessage: expect.stringContaining(message) as unknown });

describe("a page that does not answer", () => {
  test("is told of, and ended only when somebody wants that and the window is still there", async () => {
    const { windows, last, news, again } = await makeWindows();
    windows.open(OPERATOR);
    const window = last();
    window.events.hung();
    expect([news, window.revivals]).toEqual([["hung Macroscope"], 0]);
    again[0]?.();
    expect(window.revivals).toBe(1);
    window.destroy();
    again[0]?.();
    expect(window.revivals).toBe(1);
  });
});

describe("opening", () => {
  test("one window a kind, a preview for each region, each with its page, title and label", async () => {
    const { windows, made, admitted } = await makeWindows();
    windows.open(OPERATOR);
    windows.open(PREVIEW);
    windows.open(PREVIEW, "v1");
    expect(made.map(({ spec: { url, title } }) => [url, title])).toEqual([
      ["macroscope://app/operator/index.html", "Macroscope"],
      ["macroscope://app/preview/index.html", "Macroscope preview"],
      ["macroscope://app/preview/index.html?region=v1", "Macroscope preview: v1"],
    ]);
    expect(admitted).toEqual([
      { name: "operator", label: "operator window 1" },
      { name: "preview", label: "preview window 2" },
      { name: "preview", label: "preview window 3" },
    ]);
  });

  test("a window that is there comes to the front instead", async () => {
    const { windows, made } = await makeWindows();
    windows.open(OPERATOR);
    const first = windows.open(PREVIEW, "v1");
    // What is of no use to a kind does not make another window of it.
    expect(windows.open(OPERATOR, "v1").id).toBe(1);
    expect(windows.open(PREVIEW, "v1")).toMatchObject({ id: first.id, focused: true });
    expect(made.map(({ focuses }) => focuses)).toEqual([1, 1]);
  });

  test("no more previews than so many, and none of a kind that there is not", async () => {
    const { windows } = await makeWindows();
    windows.open(OPERATOR);
    for (let index = 0; index < MOST_PREVIEWS; index += 1) windows.open(PREVIEW, `r${String(index)}`);
    expect(() => windows.open(PREVIEW, "more")).toThrow(refusal(Code.ResourceExhausted, "Close one first."));
    try {
      windows.open(PREVIEW, "more");
    } catch (error) {
      const [detail] = (error as { findDetails(desc: unknown): unknown[] }).findDetails(LimitExceededSchema);
      expect(detail).toMatchObject({ limit: "max_preview_windows", allowed: 10n, found: 11n });
    }
    expect(() => windows.open(WindowKind.UNSPECIFIED)).toThrow(refusal(Code.InvalidArgument, "no such kind"));
  });

  test("where it stood last, or aside of its like", async () => {
    const { windows, last } = await makeWindows();
    windows.open(PREVIEW, "a");
    const { bounds } = last().spec;
    last().moveTo({ x: 40, y: 50, width: 500, height: 400 });
    last().destroy();
    windows.open(PREVIEW, "a");
    expect(last().spec.bounds).toEqual({ x: 40, y: 50, width: 500, height: 400 });
    windows.open(PREVIEW, "b");
    expect(last().spec.bounds).not.toEqual(bounds);
  });
});

describe("the state", () => {
  test("tells of windows, displays and the guard, each change with a higher revision, and nothing twice", async () => {
    const { windows, last, state, screen } = await makeWindows();
    const revisions: bigint[] = [];
    windows.subscribe(({ revision }) => revisions.push(revision));
    windows.open(OPERATOR);
    last().events.changed();
    state.going = { guarded: true, run: false };
    windows.refresh();
    windows.refresh();
    screen.set(BUILT_IN, STIMULUS);
    expect(revisions).toEqual([1n, 2n, 3n]);
    expect(windows.state).toMatchObject({
      guarded: true,
      stimulusDisplayId: "",
      windows: [{ id: 1, kind: OPERATOR, displayId: "11" }],
      displays: [{ id: "11" }, { id: "22" }],
    });
  });

  test("calls a preview as its page does, which knows the region's name", async () => {
    const { windows, made } = await makeWindows();
    windows.open(OPERATOR);
    windows.open(PREVIEW, "r1");
    expect(made.map(({ spec }) => spec.titledByPage)).toEqual([false, true]);
    made[1]?.events.titled("V1 – Macroscope");
    expect(windows.state.windows.map(({ title }) => title)).toEqual(["Macroscope", "V1 – Macroscope"]);
  });

  test("counts a page's crashes, and says while it is gone", async () => {
    const { windows, last, news } = await makeWindows();
    windows.open(PREVIEW);
    last().events.crashed("crashed");
    expect(windows.state.windows).toMatchObject([{ id: 1, crashed: true, crashes: 1 }]);
    last().events.loaded();
    last().events.crashed("oom");
    last().events.loaded();
    expect(windows.state.windows).toMatchObject([{ id: 1, crashed: false, crashes: 2 }]);
    expect(news).toEqual(["crashed Macroscope preview crashed", "crashed Macroscope preview oom"]);
  });

  test("says that a page is gone for good, and loads it again when somebody wants that", async () => {
    const { windows, last, news, again } = await makeWindows();
    windows.open(OPERATOR);
    last().events.gaveUp("It ended four times.");
    expect(windows.state.windows).toMatchObject([{ crashed: true }]);
    expect(news).toEqual(["gave up Macroscope (operator)"]);
    again[0]?.();
    expect(last().reloads).toBe(1);
    last().destroy();
    again[0]?.();
    expect(last().reloads).toBe(1);
  });
});

describe("closing", () => {
  test("closes what is asked for, and knows no others", async () => {
    const { windows, last } = await makeWindows();
    const { id } = windows.open(PREVIEW);
    windows.close(id, false);
    expect([last().open, windows.state.windows.length]).toEqual([false, 0]);
    expect(() => windows.close(id, false)).toThrow(refusal(Code.NotFound, "no such window"));
    expect(() => windows.focus(id)).toThrow(refusal(Code.NotFound, "no such window"));
  });

  test("the operator's window takes the others with it", async () => {
    const { windows, made } = await makeWindows();
    windows.open(OPERATOR);
    windows.open(PREVIEW);
    windows.open(STIMULUS_KIND);
    made[0]?.pressClose();
    expect(made.map(({ open }) => open)).toEqual([false, false, false]);
    expect(windows.state.windows).toEqual([]);
  });

  test("the operator's window stays while something goes on, and the question is asked, however it is closed", async () => {
    const { windows, made, asked, state } = await makeWindows();
    const { id } = windows.open(OPERATOR);
    windows.open(PREVIEW);
    state.going = { guarded: true, run: false };
    made[0]?.pressClose();
    windows.close(id, true);
    expect([asked.count, made.every(({ open }) => open)]).toEqual([2, true]);
    // A preview is only looked at.
    made[1]?.pressClose();
    expect(made[1]?.open).toBe(false);
    windows.leave();
    expect(made.some(({ open }) => open)).toBe(false);
  });

  test("the stimulus window stays in a run, unless whoever closes it knows of the run", async () => {
    const { windows, last, news, state } = await makeWindows();
    windows.open(OPERATOR);
    const { id } = windows.open(STIMULUS_KIND);
    state.going = { guarded: true, run: true };
    expect(() => windows.close(id, false)).toThrow(refusal(Code.FailedPrecondition, "Stop the run first"));
    last().pressClose();
    expect([last().open, news]).toEqual([true, ["kept"]]);
    windows.close(id, true);
    expect(last().open).toBe(false);
  });

  test("a recording without a stimulus does not keep the stimulus window", async () => {
    const { windows, last, state } = await makeWindows();
    windows.open(STIMULUS_KIND);
    state.going = { guarded: true, run: false };
    last().pressClose();
    expect(last().open).toBe(false);
  });
});

describe("the stimulus window", () => {
  test("fills the chosen display, which is remembered, and moves when another is chosen", async () => {
    const third = { ...STIMULUS, id: 33, bounds: { ...STIMULUS.bounds, x: 3200 } };
    const { windows, last, memory } = await makeWindows(BUILT_IN, STIMULUS, third);
    windows.open(OPERATOR);
    windows.chooseStimulusDisplay("22");
    windows.open(STIMULUS_KIND);
    expect(last().spec).toMatchObject({ fullScreen: true, inactive: true, bounds: STIMULUS.bounds });
    windows.chooseStimulusDisplay("33");
    expect(last().places).toEqual([third.bounds]);
    expect(windows.state).toMatchObject({
      stimulusDisplayId: "33",
      windows: [{}, { displayId: "33", fullScreen: true }],
    });
    expect(memory.stimulusDisplay).toBe("33");
    expect(() => {
      windows.chooseStimulusDisplay("44");
    }).toThrow(refusal(Code.NotFound, "no such display"));
  });

  test("is a window, and says so, where there is one display only", async () => {
    const { windows, last } = await makeWindows(BUILT_IN);
    windows.open(OPERATOR);
    windows.open(STIMULUS_KIND);
    expect(last().spec).toMatchObject({ fullScreen: false, bounds: { width: 960, height: 540 } });
    expect(last().spec.title).toBe("Macroscope stimulus (shares the operator's display)");
    expect(windows.stimulusOpen).toBe(true);
  });

  test("is made anew when it fills a display of its own from now on, and stays where it is in a run", async () => {
    const { windows, made, last, state } = await makeWindows(BUILT_IN, STIMULUS);
    windows.open(OPERATOR);
    windows.chooseStimulusDisplay("11");
    windows.open(STIMULUS_KIND);
    expect(last().spec).toMatchObject({ fullScreen: false, inactive: true });
    windows.chooseStimulusDisplay("22");
    expect(made.map(({ open }) => open)).toEqual([true, false, true]);
    expect(last().spec).toMatchObject({ fullScreen: true, bounds: STIMULUS.bounds, title: "Macroscope stimulus" });
    state.going = { guarded: true, run: true };
    expect(() => {
      windows.chooseStimulusDisplay("11");
    }).toThrow(refusal(Code.FailedPrecondition, "Stop the run first"));
    expect(windows.state).toMatchObject({ stimulusDisplayId: "22", windows: [{}, { displayId: "22" }] });
  });

  test("closes when its display goes, and comes back with it; nothing is put on the operator's meanwhile", async () => {
    const { windows, made, last, news, screen } = await makeWindows(BUILT_IN, STIMULUS);
    windows.open(OPERATOR);
    windows.chooseStimulusDisplay("22");
    windows.open(STIMULUS_KIND);
    screen.set(BUILT_IN);
    expect([last().open, windows.stimulusOpen, last().places]).toEqual([false, false, []]);
    expect(() => windows.open(STIMULUS_KIND)).toThrow(refusal(Code.FailedPrecondition, "is not connected"));
    screen.set(BUILT_IN, STIMULUS);
    expect([made.length, last().spec.bounds, windows.stimulusOpen]).toEqual([3, STIMULUS.bounds, true]);
    expect(news).toEqual(["gone DELL P2419H", "back DELL P2419H"]);
  });

  test("is never refused for the sake of previews, by hand or when its display comes back", async () => {
    const { windows, news, screen } = await makeWindows(BUILT_IN, STIMULUS);
    windows.open(OPERATOR);
    windows.open(STIMULUS_KIND);
    screen.set(BUILT_IN);
    for (let index = 0; index < MOST_PREVIEWS; index += 1) windows.open(PREVIEW, `r${String(index)}`);
    screen.set(BUILT_IN, STIMULUS);
    expect([windows.stimulusOpen, news]).toEqual([true, ["gone DELL P2419H", "back DELL P2419H"]]);
  });

  test("that cannot be made when its display comes back is told of, and comes with the next change", async () => {
    const { windows, news, screen, state } = await makeWindows(BUILT_IN, STIMULUS);
    windows.open(OPERATOR);
    windows.open(STIMULUS_KIND);
    screen.set(BUILT_IN);
    state.failure = new Error("no such window");
    screen.set(BUILT_IN, STIMULUS);
    expect(news).toEqual(["gone DELL P2419H", "not followed no such window"]);
    // Whoever looks at the list of displays sees the one that came.
    expect(windows.state.displays).toHaveLength(2);
    state.failure = undefined;
    screen.set({ ...BUILT_IN, workArea: BUILT_IN.bounds }, STIMULUS);
    expect([windows.stimulusOpen, news.at(-1)]).toEqual([true, "back DELL P2419H"]);
  });

  test("does not come back when another display was chosen, or everything was closed", async () => {
    const { windows, made, screen } = await makeWindows(BUILT_IN, STIMULUS);
    windows.open(OPERATOR);
    windows.open(STIMULUS_KIND);
    screen.set(BUILT_IN);
    windows.chooseStimulusDisplay("11");
    screen.set(BUILT_IN, STIMULUS);
    expect(made).toHaveLength(2);
  });

  test("fills its display no longer when the operator's display goes and its window comes to stand there", async () => {
    const { windows, screen, last, news, state } = await makeWindows(BUILT_IN, STIMULUS);
    windows.open(OPERATOR);
    windows.open(STIMULUS_KIND);
    expect(last().spec.fullScreen).toBe(true);
    state.going = { guarded: true, run: true };
    screen.set(STIMULUS);
    expect(last().spec).toMatchObject({
      fullScreen: false,
      title: "Macroscope stimulus (shares the operator's display)",
    });
    expect(windows.state.windows.filter(({ kind }) => kind === STIMULUS_KIND)).toHaveLength(1);
    expect(news).toEqual(["uncovered"]);
  });

  test("follows its display to another size", async () => {
    const { windows, last, screen } = await makeWindows(BUILT_IN, STIMULUS);
    windows.open(OPERATOR);
    windows.open(STIMULUS_KIND);
    const smaller = { ...STIMULUS, bounds: { ...STIMULUS.bounds, width: 1280, height: 720 } };
    screen.set({ ...BUILT_IN, workArea: BUILT_IN.bounds }, STIMULUS);
    expect(last().places).toEqual([]);
    screen.set(BUILT_IN, smaller);
    screen.set(BUILT_IN, smaller);
    expect(last().places).toEqual([smaller.bounds]);
  });
});

test("a listener that has gone is told no more", async () => {
  const { windows } = await makeWindows();
  const listener = vi.fn();
  windows.subscribe(listener)();
  windows.open(OPERATOR);
  expect(listener).not.toHaveBeenCalled();
});
