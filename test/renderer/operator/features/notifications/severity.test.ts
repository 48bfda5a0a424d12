import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { NotificationSchema, Severity } from "../../../../../gen/ts/macroscope/notification/v1/notification_pb";
import { toPlain } from "../../../../../src/mirror";
import { timeText, toastsOf } from "../../../../../src/renderer/operator/features/notifications/severity";

const { INFO, WARNING, ERROR } = Severity;
const TOLD_MS = new Date(2026, 2, 1, 10, 15, 7).getTime();

function told(id: number, severity: Severity, agoMs: number | null, acknowledgedBy = "") {
  const notification = toPlain(create(NotificationSchema, { id: BigInt(id), severity, acknowledgedBy, count: 1 }));
  return { notification, heard: { count: 1, atMs: agoMs === null ? null : TOLD_MS - agoMs } };
}

function shown(...all: ReturnType<typeof told>[]): readonly number[] {
  const heard = Object.fromEntries(all.map((one) => [one.notification.id, one.heard]));
  const notifications = all.map(({ notification }) => notification);
  return toastsOf(notifications, heard, TOLD_MS).map(({ id }) => id);
}

describe("toastsOf", () => {
  it("shows info for 6 s, warnings for 15 s, errors until somebody has seen them", () => {
    expect(shown(told(1, INFO, 5900), told(2, INFO, 6000))).toEqual([1]);
    expect(shown(told(1, WARNING, 14_900), told(2, WARNING, 15_000))).toEqual([1]);
    expect(shown(told(1, ERROR, 86_400_000))).toEqual([1]);
    expect(shown(told(1, ERROR, 10, "operator window"), told(2, INFO, 10, "x"))).toEqual([]);
  });

  it("shows nothing that was no news when it came", () => {
    expect(shown(told(1, INFO, null))).toEqual([]);
  });

  it("puts the most severe first, and the newest first among equals", () => {
    expect(shown(told(1, ERROR, 9), told(2, INFO, 8), told(3, WARNING, 7), told(4, ERROR, 6))).toEqual([4, 1, 3, 2]);
  });
});

describe("timeText", () => {
  it("has the day only when it is another one", () => {
    expect(timeText(TOLD_MS, TOLD_MS + 1000)).toBe("10:15:07");
    expect(timeText(TOLD_MS, TOLD_MS + 86_400_000)).toBe("1 Mar 10:15:07");
  });
});
