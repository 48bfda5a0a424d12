import { Code } from "@connectrpc/connect";
import { expect, it, vi } from "vitest";
import { windowCallLog } from "../../../src/renderer/shared/window-call-log";

it("tells a failed call on the console, as a line of the other processes' shape; a stream may last", () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
  const { onCall } = windowCallLog();
  const record = {
    side: "client" as const,
    method: "/macroscope.camera.v1.CameraService/WatchPreview",
    peer: "worker",
    code: 0 as const,
    durationMs: 60_000,
    messagesSent: 0,
    messagesReceived: 9,
    bytesSent: 0,
    bytesReceived: 9,
    skipped: 0,
  };
  onCall(record);
  expect(warn).not.toHaveBeenCalled();
  for (const stream of [
    "workflow.v1.WorkflowService/WatchWorkflow",
    "stimulus.v1.StimulusService/AttachDisplay",
    "imaging.v1.ImagingService/WatchTimeCourses",
    "window.v1.WindowService/WatchWindows",
    "acquisition.v1.RunService/VerifyRun",
  ]) {
    onCall({ ...record, method: `/macroscope.${stream}` });
  }
  expect(warn).not.toHaveBeenCalled();
  onCall({ ...record, code: Code.Unavailable });
  expect(JSON.parse(String(warn.mock.calls[0]?.[0]))).toMatchObject({
    level: "warning",
    logger: "window",
    event: "call failed",
    peer: "worker",
    code: "UNAVAILABLE",
  });
});
