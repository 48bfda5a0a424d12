import { create } from "@bufbuild/protobuf";
import { afterEach, describe, expect, it } from "vitest";
import { WorkerPhase, WorkerProcessSchema } from "../../gen/ts/macroscope/application/v1/application_pb";
import type { HeldStream } from "../../src/mirror/keep-stream";
import { watchWorker } from "../../src/mirror/watch-worker";
import { makeMirror, whenMirrored } from "../renderer/support/mirrored";

let stream: HeldStream | undefined;
afterEach(() => stream?.stop());

describe("watchWorker", () => {
  it("mirrors the process, and tells when it runs", async () => {
    const { instrument, store } = makeMirror();
    let running = 0;
    stream = watchWorker(store, instrument.clients.application!, () => (running += 1));
    await whenMirrored(store, (state) => state.worker.process);
    expect(running).toBe(1);
    instrument.worker.push(
      create(WorkerProcessSchema, { phase: WorkerPhase.RESTARTING, reason: "It ended.", nextStartInMs: 500 }),
    );
    const process = await whenMirrored(
      store,
      (state) => state.worker.process?.phase === WorkerPhase.RESTARTING && state.worker.process,
    );
    expect(process).toMatchObject({ reason: "It ended.", nextStartInMs: 500 });
    expect(running).toBe(1);
  });
});
