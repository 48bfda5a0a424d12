import { afterEach, describe, expect, it, vi } from "vitest";
import { makeStore } from "../../src/mirror";
import { FakeInstrument } from "../renderer/support/fake-instrument";

afterEach(() => vi.restoreAllMocks());

describe("makeStore", () => {
  it("makes stores that share nothing", () => {
    const { clients } = new FakeInstrument();
    const first = makeStore({ clients });
    const second = makeStore({ clients, preloadedState: { hardware: { status: null, receivedAtMs: 5 } } });
    expect(second.getState().hardware.receivedAtMs).toBe(5);
    expect(first.getState().hardware.receivedAtMs).toBe(0);
  });

  it("complains about values that a store cannot hold", () => {
    const complain = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const store = makeStore({ clients: new FakeInstrument().clients });
    store.dispatch({ type: "test", payload: 5n });
    expect(complain).toHaveBeenCalledOnce();
    expect(complain.mock.calls[0]?.[0]).toContain("non-serializable");
  });
});
