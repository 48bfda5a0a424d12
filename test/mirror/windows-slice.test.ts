import { create } from "@bufbuild/protobuf";
import { expect, it } from "vitest";
import { WindowsStateSchema } from "../../gen/ts/macroscope/window/v1/window_pb";
import { toPlain } from "../../src/mirror";
import { windowsAbsent, windowsArrived, windowsReducer } from "../../src/mirror/windows-slice";

const arrived = (revision: bigint, epoch = "1") =>
  windowsArrived({ state: toPlain(create(WindowsStateSchema, { revision })), epoch, receivedAtMs: 0 });

it("keeps the newest of an epoch, and knows where there are no windows", () => {
  const before = windowsReducer(undefined, { type: "start" });
  expect(before).toEqual({ current: null, served: true });
  const five = windowsReducer(before, arrived(5n));
  expect(windowsReducer(five, arrived(4n)).current?.state.revision).toBe(5);
  expect(windowsReducer(five, arrived(1n, "2")).current?.state.revision).toBe(1);
  expect(windowsReducer(five, windowsAbsent())).toEqual({ current: null, served: false });
});
