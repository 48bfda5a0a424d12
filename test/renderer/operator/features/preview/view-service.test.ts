import { Code } from "@connectrpc/connect";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Role } from "../../../../../gen/ts/macroscope/rpc/v1/options_pb";
import { ViewService } from "../../../../../gen/ts/macroscope/view/v1/view_pb";
import { makeStore, viewChanged } from "../../../../../src/mirror";
import { viewService } from "../../../../../src/renderer/operator/features/preview/view-service";
import { followView } from "../../../../../src/renderer/preview/follow-view";
import { createChannel, createClient } from "../../../../../src/rpc";
import { linkToView } from "../../../support/linked-view";
import { FakeInstrument } from "../../../support/fake-instrument";

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

const { clients } = new FakeInstrument();
function setUp() {
  const store = makeStore({ clients });
  const open = linkToView(viewService(store));
  return { store, open };
}
function clientOf(open: ReturnType<typeof linkToView>) {
  const channel = createChannel({ dial: open, label: "test", role: Role.OPERATOR, build: "test" });
  stops.push(() => channel.close());
  return createClient(ViewService, channel.transport);
}

describe("the view", () => {
  it("is followed by another window, from the beginning and with each change", async () => {
    const { store, open } = setUp();
    store.dispatch(viewChanged({ gamma: 2, automatic: false }));
    const other = makeStore({ clients });
    const told: boolean[] = [];
    stops.push(followView(other, open, (following) => told.push(following)));
    await vi.waitFor(() => expect(other.getState().view).toEqual(store.getState().view));
    store.dispatch(viewChanged({ black: 0.25, white: 0.5, referenceId: "r", showRegions: false }));
    await vi.waitFor(() => expect(other.getState().view).toEqual(store.getState().view));
    expect(told.at(-1)).toBe(true);
  });

  it("stays as it was when the window that owns it is gone, and that is told", async () => {
    const { store, open } = setUp();
    store.dispatch(viewChanged({ gamma: 3 }));
    const links: Awaited<ReturnType<typeof open>>[] = [];
    const other = makeStore({ clients });
    const told: boolean[] = [];
    const openOnce = async () => {
      if (links.length > 0) throw new Error("There is no operator window.");
      const link = await open();
      links.push(link);
      return link;
    };
    stops.push(followView(other, openOnce, (following) => told.push(following)));
    await vi.waitFor(() => expect(other.getState().view.gamma).toBe(3));
    links[0]?.close("gone");
    await vi.waitFor(() => expect(told.at(-1)).toBe(false));
    expect(other.getState().view.gamma).toBe(3);
  });

  it("changes what is present of an update, and nothing else", async () => {
    const { store, open } = setUp();
    const client = clientOf(open);
    const { revision } = await client.updateView({ view: { gamma: 0.5 } });
    expect(store.getState().view).toMatchObject({ gamma: 0.5, white: 1, revision: Number(revision) });
  });

  it("refuses white below black, whether both are told or one", async () => {
    const { store, open } = setUp();
    store.dispatch(viewChanged({ black: 0.5 }));
    const client = clientOf(open);
    for (const view of [{ black: 0.6, white: 0.4 }, { white: 0.3 }]) {
      await expect(client.updateView({ view })).rejects.toMatchObject({ code: Code.InvalidArgument });
    }
    expect(store.getState().view).toMatchObject({ black: 0.5, white: 1 });
  });
});
