import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import { VerifyRunResponseSchema } from "../../gen/ts/macroscope/acquisition/v1/runs_pb";
import { cancelVerifyRun, listRuns, verifyRun } from "../../src/mirror/run-commands";
import { makeMirror, whenMirrored } from "../renderer/support/mirrored";

const FOLDER = "/data/macroscope/20260301-101500_mouse12";

describe("listRuns", () => {
  it("lists what is there, and keeps the list when it cannot be read again", async () => {
    const { instrument, store } = makeMirror();
    await store.dispatch(listRuns("/data/other"));
    expect(instrument.asked.at(-1)?.request).toMatchObject({ directory: "/data/other" });
    expect(store.getState().runs.listing).toMatchObject({ directory: "/data/other", leftOut: 0 });
    instrument.refusals.set("listRuns", new ConnectError("The folder is gone.", Code.NotFound));
    await store.dispatch(listRuns(""));
    expect(store.getState().runs.listing?.runs).toHaveLength(5);
    expect(store.getState().commands.listRuns.error?.message).toBe("The folder is gone.");
  });
});

describe("a list that is asked for twice", () => {
  it("is the one that was asked for last, whichever disk is slower", async () => {
    const { instrument, store } = makeMirror();
    const slow = Promise.withResolvers<undefined>();
    instrument.runs.answersAfter = slow.promise;
    const first = store.dispatch(listRuns("/data/slow"));
    await vi.waitFor(() => expect(instrument.asked).toHaveLength(1));
    instrument.runs.answersAfter = Promise.resolve();
    await store.dispatch(listRuns("/data/fast"));
    slow.resolve(undefined);
    await first;
    expect(store.getState().runs.listing?.directory).toBe("/data/fast");
  });
});

describe("verifyRun", () => {
  it("tells how far it is, and at the end what was found", async () => {
    const { instrument, store } = makeMirror();
    const reading = store.dispatch(verifyRun(FOLDER));
    instrument.runs.verification.push(create(VerifyRunResponseSchema, { progress: 0.4 }));
    await whenMirrored(store, (state) => state.runs.verifications[FOLDER]?.report?.progress === 0.4);
    expect(store.getState().runs.verifications[FOLDER]?.running).toBe(true);
    // Asked again while it goes on, it is not read twice.
    await store.dispatch(verifyRun(FOLDER));
    expect(instrument.asked.filter(({ method }) => method === "verifyRun")).toHaveLength(1);
    const found = { progress: 1, done: true, complete: true, goodFrames: 30n, expectedFrames: 30n };
    instrument.runs.verification.push(create(VerifyRunResponseSchema, found));
    await reading;
    expect(store.getState().runs.verifications[FOLDER]).toMatchObject({
      running: false,
      error: null,
      report: { done: true, goodFrames: 30 },
    });
  });

  it("is given up on request, and then forgotten", async () => {
    const { instrument, store } = makeMirror();
    const reading = store.dispatch(verifyRun(FOLDER));
    await whenMirrored(store, (state) => state.runs.verifications[FOLDER]?.report);
    await store.dispatch(cancelVerifyRun(FOLDER));
    await reading;
    expect(store.getState().runs.verifications).toEqual({});
    await vi.waitFor(() => {
      expect(instrument.runs.verification.watchers).toBe(0);
    });
  });

  it("keeps why it did not come to its end", async () => {
    const { instrument, store } = makeMirror();
    instrument.refusals.set("verifyRun", new ConnectError("It is being recorded.", Code.FailedPrecondition));
    await store.dispatch(verifyRun(FOLDER));
    const verification = store.getState().runs.verifications[FOLDER];
    expect(verification).toMatchObject({ running: false, error: { message: "It is being recorded." } });
  });
});
