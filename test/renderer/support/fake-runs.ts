/** Runs on a disk in memory; what reading one finds is what a test says. */
import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { RecordingOutcome } from "../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { RunService, VerifyRunResponseSchema } from "../../../gen/ts/macroscope/acquisition/v1/runs_pb";
import type { RunEntrySchema, VerifyRunResponse } from "../../../gen/ts/macroscope/acquisition/v1/runs_pb";
import { Feed } from "./feed";

type Answer = <Result>(method: string, request: unknown, work: () => Result) => Result;
type Entry = MessageInitShape<typeof RunEntrySchema>;

/** Whole, stopped, failed, without a stimulus, and unreadable. */
const RUN_ENTRIES: readonly Entry[] = [
  entry("20260301-101500_mouse12", { completeSweeps: 40, plannedSweeps: 40 }),
  entry("20260301-094210_mouse12", { completeSweeps: 17, plannedSweeps: 40, outcome: RecordingOutcome.COMPLETE }),
  entry("20260228-161200_mouse11", {
    completeSweeps: 31,
    plannedSweeps: 40,
    outcome: RecordingOutcome.FAILED,
    droppedFrames: 17n,
  }),
  entry("20260228-154000_focus", { animalId: "" }),
  {
    runId: "20260227-110500_mouse11",
    directory: "/data/macroscope/20260227-110500_mouse11",
    problem: "run.json is cut off.",
  },
];

function entry(runId: string, change: Entry): Entry {
  return {
    runId,
    directory: `/data/macroscope/${runId}`,
    startedUnixNs: 1_772_360_100_000_000_001n,
    outcome: RecordingOutcome.COMPLETE,
    capturedFrames: 27_900n,
    bytesWritten: 58_500_000_000n,
    cameraId: "simulated:cortex",
    animalId: "M12",
    ...change,
  };
}

export class FakeRuns {
  entries: readonly Entry[] = RUN_ENTRIES;
  leftOut = 0;
  /** A list comes when this is settled. */
  answersAfter: Promise<unknown> = Promise.resolve();
  /** What whoever verifies is told; the last one is the newest. */
  readonly verification = new Feed<VerifyRunResponse>(create(VerifyRunResponseSchema));

  register(router: ConnectRouter, answer: Answer): void {
    const { verification } = this;
    router.service(RunService, {
      listRuns: (request) =>
        answer("listRuns", request, async () => {
          await this.answersAfter;
          const directory = request.directory || "/data/macroscope";
          return { runs: [...this.entries], directory, leftOut: this.leftOut };
        }),
      verifyRun: async function* (request, { signal }) {
        answer("verifyRun", request, () => undefined);
        for await (const report of verification.watch(signal)) {
          yield report;
          if (report.done) return;
        }
      },
    });
  }
}
