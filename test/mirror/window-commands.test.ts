import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { WindowKind } from "../../gen/ts/macroscope/window/v1/window_pb";
import { makeStore } from "../../src/mirror";
import {
  chooseStimulusDisplay,
  closeWindow,
  focusWindow,
  identifyDisplays,
  openWindow,
  saveTextFile,
} from "../../src/mirror/window-commands";
import { makeMirror } from "../renderer/support/mirrored";

describe("window commands", () => {
  it("open a window of a region, focus it and close it", async () => {
    const { instrument, store } = makeMirror();
    const opened = await store.dispatch(openWindow({ kind: WindowKind.PREVIEW, regionId: "v1" })).unwrap();
    expect(opened).toMatchObject({ kind: WindowKind.PREVIEW, regionId: "v1" });
    const id = opened?.id ?? 0;
    await store.dispatch(focusWindow(id));
    expect(instrument.windows.states.current.windows.find((window) => window.focused)?.id).toBe(id);
    await store.dispatch(closeWindow({ id, inRun: true }));
    expect(instrument.asked.at(-1)).toMatchObject({ method: "closeWindow", request: { id, inRun: true } });
    expect(instrument.windows.states.current.windows).toHaveLength(1);
  });

  it("choose the stimulus display, and let the displays be told apart", async () => {
    const { instrument, store } = makeMirror();
    await store.dispatch(chooseStimulusDisplay("2"));
    expect(instrument.windows.states.current.stimulusDisplayId).toBe("2");
    await store.dispatch(identifyDisplays());
    expect(instrument.asked.at(-1)?.method).toBe("identifyDisplays");
  });

  it("say where a file went", async () => {
    const { store } = makeMirror();
    const file = { suggestedName: "preset.json", text: "{}" };
    expect(await store.dispatch(saveTextFile(file)).unwrap()).toBe("/data/preset.json");
  });

  it("keep what main refuses, each its own", async () => {
    const { instrument, store } = makeMirror();
    instrument.refusals.set("closeWindow", new ConnectError("A run goes on.", Code.FailedPrecondition));
    await store.dispatch(closeWindow({ id: 1 }));
    expect(store.getState().commands.closeWindow.error?.message).toBe("A run goes on.");
    expect(store.getState().commands.openWindow.error).toBeNull();
  });

  it("fail in a browser with a sentence", async () => {
    const { instrument } = makeMirror();
    const store = makeStore({ clients: { ...instrument.clients, window: undefined } });
    await store.dispatch(openWindow({ kind: WindowKind.PREVIEW }));
    expect(store.getState().commands.openWindow.error?.message).toBe("A browser has no windows of the program's own.");
  });
});
