import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { Direction } from "../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import { showStimulusTest } from "../../src/mirror";
import { makeMirror } from "../renderer/support/mirrored";

describe("showStimulusTest", () => {
  it("shows a direction, and the answer enters the mirror", async () => {
    const { instrument, store } = makeMirror();
    await store.dispatch(showStimulusTest(Direction.TOP_TO_BOTTOM));
    const { state } = store.getState().stimulus.current!;
    expect(state.testing).toBe(true);
    expect(state.scene?.sweep?.direction).toBe(Direction.TOP_TO_BOTTOM);
    await store.dispatch(showStimulusTest(Direction.UNSPECIFIED));
    expect(store.getState().stimulus.current?.state.testing).toBe(false);
    expect(instrument.asked.map(({ method }) => method)).toEqual(["showTest", "showTest"]);
  });

  it("keeps why it was refused", async () => {
    const { instrument, store } = makeMirror();
    instrument.refusals.set("showTest", new ConnectError("A run goes on.", Code.FailedPrecondition));
    await store.dispatch(showStimulusTest(Direction.LEFT_TO_RIGHT));
    expect(store.getState().commands.showStimulusTest.error?.message).toBe("A run goes on.");
  });
});
