import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RegionShape } from "../../gen/ts/macroscope/imaging/v1/imaging_pb";
import {
  listReferences,
  putRegion,
  removeRegion,
  takeReference,
  takeSnapshot,
} from "../../src/mirror/imaging-commands";
import type { HeldStream } from "../../src/mirror/keep-stream";
import { shownRegions } from "../../src/mirror/regions-slice";
import { watchRegions } from "../../src/mirror/watch-regions";
import { makeMirror, whenMirrored } from "../renderer/support/mirrored";

const REGION = {
  id: "a",
  name: "V1",
  shape: RegionShape.ELLIPSE,
  xPx: 1.5,
  yPx: 2,
  widthPx: 30,
  heightPx: 40,
  colour: 3,
};

let mirror: ReturnType<typeof makeMirror>;
let stream: HeldStream;
beforeEach(async () => {
  mirror = makeMirror();
  stream = watchRegions(mirror.store, mirror.instrument.clients.imaging);
  await whenMirrored(mirror.store, (state) => state.regions.current);
});
afterEach(() => stream.stop());
const regions = () => shownRegions(mirror.store.getState().regions);

describe("regions", () => {
  it("are put and removed at once, and are what the worker says in the end", async () => {
    const { store, instrument } = mirror;
    const put = store.dispatch(putRegion(REGION));
    expect(regions()).toEqual([REGION]);
    await put;
    await whenMirrored(store, (state) => state.regions.current?.state.regions.length === 1);
    expect(store.getState().regions.wishes).toEqual({});
    const removal = store.dispatch(removeRegion("a"));
    expect(regions()).toEqual([]);
    await removal;
    await whenMirrored(store, (state) => state.regions.current?.state.regions.length === 0);
    expect(instrument.asked.map(({ method }) => method)).toEqual(["putRegion", "removeRegion"]);
  });

  it("are taken back when the worker refuses, with the reason", async () => {
    const { store, instrument } = mirror;
    instrument.refusals.set("putRegion", new ConnectError("There are 16.", Code.ResourceExhausted));
    await store.dispatch(putRegion(REGION));
    expect(regions()).toEqual([]);
    expect(store.getState().commands.putRegion.error?.message).toBe("There are 16.");
    await store.dispatch(putRegion(REGION));
    instrument.refusals.set("removeRegion", new ConnectError("No.", Code.Internal));
    await store.dispatch(removeRegion("a"));
    expect(regions()).toEqual([REGION]);
  });
});

describe("pictures", () => {
  it("say where they were saved", async () => {
    const { store } = mirror;
    await store.dispatch(takeSnapshot("focus"));
    expect(store.getState().pictures.saved).toMatchObject({
      kind: "snapshot",
      path: expect.stringMatching(/_focus.tiff$/) as unknown,
    });
    const taken = await store.dispatch(takeReference({ name: "", frames: 50 })).unwrap();
    expect(taken?.frames).toBe(50);
    expect(store.getState().pictures.saved?.kind).toBe("reference");
    await whenMirrored(store, (state) => state.pictures.references?.length === 1);
  });

  it("say why they were not", async () => {
    const { store, instrument } = mirror;
    for (const [method, command] of [
      ["takeSnapshot", () => store.dispatch(takeSnapshot(""))],
      ["takeReference", () => store.dispatch(takeReference({ name: "", frames: 1 }))],
      ["listReferences", () => store.dispatch(listReferences())],
    ] as const) {
      instrument.refusals.set(method, new ConnectError("No frame.", Code.FailedPrecondition));
      await command();
      expect(store.getState().commands[method].error?.code).toBe("FailedPrecondition");
    }
    expect(store.getState().pictures.saved).toBeNull();
  });
});
