import { afterEach, describe, expect, it, vi } from "vitest";
import { ConnectSession } from "../../../src/renderer/shared/connect-session";
import { keepToken, keptToken } from "../../../src/renderer/shared/connect-token";
import { FakeStorage } from "../support/fake-storage";
import { FakeWorker } from "../support/fake-worker";
import { whenMirrored } from "../support/mirrored";

const ADDRESS = "ws://127.0.0.1:4000/macroscope/v1";
const sessions: ConnectSession[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.leave();
});

function begun(worker = new FakeWorker(), storage = new FakeStorage()) {
  const session = new ConnectSession({ address: ADDRESS, dial: worker.dial, storage, label: "test", build: "test" });
  sessions.push(session);
  const kind = (wanted: string) =>
    vi.waitFor(() => {
      expect(session.state.kind).toBe(wanted);
    });
  return { session, worker, storage, kind };
}

describe("ConnectSession", () => {
  it("asks, and dials nobody by itself", () => {
    const { session, worker } = begun();
    expect(session.state).toEqual({ kind: "asking", address: ADDRESS, problem: "" });
    expect(worker.dialled).toEqual([]);
  });

  it("enters with the right token, keeps it, and mirrors the worker", async () => {
    const { session, worker, storage, kind } = begun();
    session.connect({ address: ADDRESS, token: worker.token });
    expect(session.state.kind).toBe("connecting");
    await kind("entered");
    expect(keptToken(storage)).toEqual({ address: ADDRESS, token: worker.token });
    if (session.state.kind !== "entered") throw new Error("It has not entered.");
    const { store } = session.state;
    await whenMirrored(store, (state) => state.camera.current);
    expect(store.getState().connection.host).toBeNull();
  });

  it("says that a wrong token is not taken, and keeps nothing of it", async () => {
    const { session, storage, kind } = begun();
    session.connect({ address: ADDRESS, token: "f".repeat(64) });
    await kind("asking");
    expect(session.state).toMatchObject({ problem: expect.stringContaining("does not take this token") as string });
    expect(storage.items.size).toBe(0);
  });

  it("dials again while nobody is there, says so, and may be given up", async () => {
    const { session, worker, kind } = begun();
    worker.present = false;
    session.connect({ address: ADDRESS, token: worker.token });
    await vi.waitFor(() => {
      expect(worker.dialled.length).toBeGreaterThan(1);
      expect(session.state).toMatchObject({ kind: "connecting", problem: "No worker listens there." });
    });
    worker.present = true;
    await kind("entered");
    session.leave();
    expect(session.state).toEqual({ kind: "asking", address: ADDRESS, problem: "" });
  });

  it("uses the tab's token at once, but shows it to no other address", async () => {
    const worker = new FakeWorker();
    const storage = new FakeStorage();
    keepToken(storage, { address: ADDRESS, token: worker.token });
    const { kind } = begun(worker, storage);
    await kind("entered");
    keepToken(storage, { address: "ws://127.0.0.1:9/macroscope/v1", token: worker.token });
    const other = begun(new FakeWorker(), storage);
    expect(other.session.state.kind).toBe("asking");
    expect(other.worker.dialled).toEqual([]);
  });

  it("stays entered while the link is made anew", async () => {
    const { session, worker, kind } = begun();
    session.connect({ address: ADDRESS, token: worker.token });
    await kind("entered");
    worker.links[0]?.close("The worker stood still.");
    await vi.waitFor(() => {
      expect(worker.links).toHaveLength(2);
    });
    expect(session.state.kind).toBe("entered");
  });

  it("asks for the new token of a worker that was started again, and forgets the old one", async () => {
    const { session, worker, storage, kind } = begun();
    session.connect({ address: ADDRESS, token: worker.token });
    await kind("entered");
    worker.token = "n".repeat(64);
    worker.links[0]?.close("The worker ended.");
    await kind("asking");
    expect(session.state).toMatchObject({ problem: expect.stringContaining("started again") as string });
    expect(storage.items.size).toBe(0);
    const dials = worker.dialled.length;
    session.connect({ address: ADDRESS, token: worker.token });
    await kind("entered");
    expect(worker.dialled.slice(dials).map(({ token }) => token)).toEqual([worker.token]);
  });

  it("closes the link when it is left", async () => {
    const { session, worker, kind } = begun();
    session.connect({ address: ADDRESS, token: worker.token });
    await kind("entered");
    const listener = vi.fn();
    session.subscribe(listener);
    session.leave();
    expect(listener).toHaveBeenCalledOnce();
    worker.links[0]?.send(new Uint8Array(16));
    expect(session.state.kind).toBe("asking");
  });
});
