import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { Corner, Direction } from "../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import { SceneSchema } from "../../gen/ts/macroscope/stimulus/v1/stimulus_pb";
import { toPlain } from "../../src/mirror";
import { DIRECTIONS, readScene, sweepAxis } from "../../src/stimulus";
import { DISPLAY, STIMULUS } from "./support/scenes";

const MESSAGE = create(SceneSchema, {
  number: 7n,
  display: DISPLAY,
  stimulus: STIMULUS,
  sweep: {
    showing: 3,
    direction: Direction.TOP_TO_BOTTOM,
    fromDeg: 60,
    toDeg: -40,
    startedNs: 1_234_567_890_123_456_789n,
    endedNs: 1_234_567_901_123_456_789n,
  },
});

describe("readScene", () => {
  it("reads the contract's message", () => {
    const scene = readScene(MESSAGE);
    expect(scene.number).toBe(7n);
    expect(scene.nominalRateHz).toBe(59.94);
    expect(scene.look?.geometry).toEqual({
      distanceCm: 25,
      lateralAngleDeg: 30,
      tiltDeg: 20,
      widthCm: 60.96,
      heightCm: 36.195,
    });
    expect(scene.look?.photodiodeCorner).toBe("bottom-left");
    expect(scene.sweep?.startedNs).toBe(1_234_567_890_123_456_789n);
  });

  it("reads the same from plain state, to the nanosecond", () => {
    expect(readScene(toPlain(MESSAGE))).toEqual(readScene(MESSAGE));
  });

  it("has no look as long as one setting is unknown, and keeps what is known else", () => {
    const scene = readScene({ ...MESSAGE, stimulus: { ...STIMULUS, gamma: undefined } });
    expect(scene.look).toBeUndefined();
    expect(scene.sweep?.showing).toBe(3);
    expect(readScene({ number: 1n }).look).toBeUndefined();
    expect(readScene({ number: 1n, display: DISPLAY }).look).toBeUndefined();
  });

  it("has no square where the corner says none", () => {
    const none = { ...STIMULUS, photodiodeCorner: Corner.NONE };
    expect(readScene({ ...MESSAGE, stimulus: none }).look?.photodiodeCorner).toBeUndefined();
  });
});

describe("directions", () => {
  it("have the contract's numbers", () => {
    expect(DIRECTIONS).toEqual({
      leftToRight: Direction.LEFT_TO_RIGHT,
      rightToLeft: Direction.RIGHT_TO_LEFT,
      topToBottom: Direction.TOP_TO_BOTTOM,
      bottomToTop: Direction.BOTTOM_TO_TOP,
    });
  });

  it("follow azimuth when horizontal and altitude when vertical", () => {
    expect([0, 1, 2, 3, 4, 5].map(sweepAxis)).toEqual([
      undefined,
      "azimuth",
      "azimuth",
      "altitude",
      "altitude",
      undefined,
    ]);
  });
});
