import { describe, expect, it } from "vitest";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { makeStore } from "../../../src/mirror";
import type { MirrorState } from "../../../src/mirror";
import { commandHindrance, roleOf } from "../../../src/renderer/operator/authority";
import { FakeInstrument } from "../support/fake-instrument";

const blank = makeStore({ clients: new FakeInstrument().clients }).getState();

function state(role: Role, phase: "live" | "lost" = "live"): MirrorState {
  const server = { build: "", session: "", epoch: "1", schemaDigest: "", schemaDiffers: false, role };
  return { ...blank, connection: { host: null, worker: { ...blank.connection.worker, phase, server } } };
}

describe("commandHindrance", () => {
  it("lets an operator and a host command a worker that answers", () => {
    expect(commandHindrance(state(Role.OPERATOR))).toBeUndefined();
    expect(commandHindrance(state(Role.HOST))).toBeUndefined();
  });

  it("tells a viewer of the role, and everybody of a worker that does not answer", () => {
    expect(commandHindrance(state(Role.VIEWER))).toContain("viewer");
    expect(commandHindrance(state(Role.OPERATOR, "lost"))).toContain("does not answer");
    expect(commandHindrance(state(Role.VIEWER, "lost"))).toContain("does not answer");
    // While it starts nothing is wrong.
    expect(commandHindrance(blank)).toBe("The worker has not answered yet.");
  });
});

describe("roleOf", () => {
  it("is the role that was given, and none before", () => {
    expect(roleOf(blank)).toBeUndefined();
    expect(roleOf(state(Role.VIEWER))).toBe(Role.VIEWER);
  });
});
