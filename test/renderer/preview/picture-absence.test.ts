import { afterEach, describe, expect, it } from "vitest";
import { CameraPhase } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import { mirrorPicture } from "../../../src/mirror";
import { absenceText } from "../../../src/renderer/preview/picture-absence";
import { makeMirror, whenMirrored } from "../support/mirrored";

let stop: () => void = () => undefined;
afterEach(() => stop());

describe("absenceText", () => {
  it("tells of the connection before it tells of the camera", async () => {
    const { instrument, store } = makeMirror();
    stop = mirrorPicture(store, instrument);
    await whenMirrored(store, (state) => state.camera.current);
    const text = () => absenceText(store.getState());
    expect(text()).toBe("Waiting for the picture.");
    instrument.changeCamera({ phase: CameraPhase.FAILED });
    await whenMirrored(store, (state) => state.camera.current?.state.phase === CameraPhase.FAILED);
    expect(text()).toBe("No camera is live. Choose one in the operator's window.");
    const { worker } = instrument.channels;
    worker.set({ phase: "connecting", attempt: 1 });
    expect(text()).toBe("Connecting to the worker.");
    for (const phase of ["lost", "stale", "connecting"] as const) {
      worker.set({ phase, attempt: 2 });
      expect(text()).toBe("The worker does not answer. Connecting again.");
    }
    worker.set({ phase: "refused", reason: "It is of another version." });
    expect(text()).toBe("The worker refused the connection. It is of another version. Load the page again.");
  });
});
