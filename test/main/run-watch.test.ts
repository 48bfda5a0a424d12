import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { describe, expect, test, vi } from "vitest";
import {
  AcquisitionPhase,
  AcquisitionService,
  AcquisitionStateSchema,
} from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { WorkflowPhase, WorkflowService, WorkflowStateSchema } from "../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { RunWatch, sentenceOf } from "../../src/main/run-watch";
import type { Channel } from "../../src/rpc";
import { Feed } from "../renderer/support/feed";
import { FakeChannel } from "./support/fake-channel";

const acquisition = (init: MessageInitShape<typeof AcquisitionStateSchema>) => create(AcquisitionStateSchema, init);
const workflow = (init: MessageInitShape<typeof WorkflowStateSchema>) => create(WorkflowStateSchema, init);

function makeWatch() {
  const recordings = new Feed(acquisition({ phase: AcquisitionPhase.IDLE }));
  const workflows = new Feed(workflow({ phase: WorkflowPhase.SET_UP }));
  const transport = createRouterTransport((router) => {
    router.service(AcquisitionService, {
      watchAcquisition: async function* (_, { signal }) {
        for await (const state of recordings.watch(signal)) yield { state };
      },
    });
    router.service(WorkflowService, {
      watchWorkflow: async function* (_, { signal }) {
        for await (const state of workflows.watch(signal)) yield { state };
      },
    });
  });
  const clients = {
    acquisition: createClient(AcquisitionService, transport),
    workflow: createClient(WorkflowService, transport),
  };
  const channel = new FakeChannel();
  channel.set("live");
  const changed = vi.fn();
  const watch = new RunWatch(
    channel as unknown as Channel,
    clients as unknown as ConstructorParameters<typeof RunWatch>[1],
    changed,
  );
  return { recordings, workflows, channel, changed, watch };
}

describe("RunWatch", () => {
  test("knows whether a recording or a run goes on, and tells when that changes", async () => {
    const { recordings, workflows, watch, changed } = makeWatch();
    expect(watch.going).toEqual({ run: false, guarded: false });
    recordings.push(acquisition({ phase: AcquisitionPhase.RECORDING }));
    await vi.waitFor(() => {
      expect(watch.going).toEqual({ run: false, guarded: true });
    });
    workflows.push(workflow({ phase: WorkflowPhase.ACQUISITION }));
    await vi.waitFor(() => {
      expect(watch.going).toEqual({ run: true, guarded: true });
    });
    const before = changed.mock.calls.length;
    recordings.push(acquisition({ phase: AcquisitionPhase.STOPPING }));
    recordings.push(acquisition({ phase: AcquisitionPhase.IDLE }));
    workflows.push(workflow({ phase: WorkflowPhase.REVIEW }));
    await vi.waitFor(() => {
      expect([watch.going.guarded, watch.sentence]).toEqual([false, ""]);
    });
    expect(changed.mock.calls.length).toBeGreaterThan(before);
    watch.close();
  });

  test("holds to what was said last when the worker cannot be asked", async () => {
    const { recordings, channel, watch } = makeWatch();
    recordings.push(acquisition({ phase: AcquisitionPhase.RECORDING }));
    await vi.waitFor(() => {
      expect(watch.going.guarded).toBe(true);
    });
    channel.set("lost");
    recordings.fail(new Error("The worker is gone."));
    await vi.waitFor(() => {
      expect(recordings.watchers).toBe(0);
    });
    expect(watch.going.guarded).toBe(true);
    watch.close();
  });
});

describe("sentenceOf", () => {
  test.each([
    [AcquisitionPhase.UNSPECIFIED, ""],
    [AcquisitionPhase.IDLE, ""],
    [AcquisitionPhase.STARTING, "A recording goes on."],
    [AcquisitionPhase.STOPPING, "A recording goes on."],
  ])("of the recording's phase %s: %s", (phase, sentence) => {
    expect(sentenceOf(acquisition({ phase }), undefined)).toBe(sentence);
  });

  test("names the frames, or the run and how far it is", () => {
    const recording = acquisition({ phase: AcquisitionPhase.RECORDING, recording: { capturedFrames: 1234n } });
    expect(sentenceOf(recording, undefined)).toBe("A recording goes on: 1234 frames so far.");
    const run = {
      runId: "mouse-12",
      directionNumber: 2,
      directions: 4,
      sweepNumber: 7,
      sweepsPerDirection: 10,
      remainingS: 372,
    };
    expect(sentenceOf(recording, workflow({ phase: WorkflowPhase.ACQUISITION, run }))).toBe(
      "The run mouse-12 goes on: direction 2 of 4, sweep 7 of 10, 6 min left.",
    );
    expect(sentenceOf(undefined, workflow({ phase: WorkflowPhase.ACQUISITION }))).toBe("A run goes on.");
    const last = { ...run, remainingS: 12.4 };
    expect(sentenceOf(undefined, workflow({ phase: WorkflowPhase.ACQUISITION, run: last }))).toContain("12 s left");
    expect(sentenceOf(undefined, workflow({ phase: WorkflowPhase.REVIEW, run }))).toBe("");
  });
});
