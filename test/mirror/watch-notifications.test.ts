import { afterEach, describe, expect, it } from "vitest";
import { Severity } from "../../gen/ts/macroscope/notification/v1/notification_pb";
import type { HeldStream } from "../../src/mirror/keep-stream";
import { notificationsArrived } from "../../src/mirror/notifications-slice";
import { watchNotifications } from "../../src/mirror/watch-notifications";
import { makeMirror, whenMirrored } from "../renderer/support/mirrored";

let stream: HeldStream | undefined;
afterEach(() => stream?.stop());

const { INFO, WARNING, ERROR } = Severity;

describe("watchNotifications", () => {
  it("knows by arrival what is news: all but notes that were there before the page, each telling once, all of another worker", async () => {
    const { instrument, store } = makeMirror();
    const { notifications } = instrument;
    for (const severity of [INFO, WARNING, ERROR]) notifications.post({ severity, lastUnixNs: 1n });
    stream = watchNotifications(store, instrument.clients.notification);
    const heard = await whenMirrored(store, (state) => state.notifications.current && state.notifications.heard);
    expect([heard[1]?.atMs, typeof heard[2]?.atMs, typeof heard[3]?.atMs]).toEqual([null, "number", "number"]);
    // Stamped by a clock that is years behind the page's: it is news all the same.
    notifications.post({ severity: INFO, lastUnixNs: 1n });
    const later = await whenMirrored(store, (state) => state.notifications.heard[4] && state.notifications.heard);
    expect([typeof later[4]?.atMs, later[2]]).toEqual(["number", heard[2]]);
    notifications.change(1n, { count: 2 });
    await whenMirrored(store, (state) => typeof state.notifications.heard[1]?.atMs === "number");
    const current = store.getState().notifications.current;
    if (current) store.dispatch(notificationsArrived({ ...current, epoch: "another", receivedAtMs: 7 }));
    expect(store.getState().notifications.heard[4]).toEqual({ count: 1, atMs: 7 });
  });

  it("mirrors the list, and what becomes of each", async () => {
    const { instrument, store } = makeMirror();
    stream = watchNotifications(store, instrument.clients.notification);
    await whenMirrored(store, (state) => state.notifications.current);
    const { id } = instrument.notifications.post({ severity: Severity.ERROR, message: "The disk is full." });
    const list = await whenMirrored(store, (state) => {
      const notifications = state.notifications.current?.state.notifications;
      return notifications?.length === 1 && notifications;
    });
    expect(list[0]).toMatchObject({ id: 1, severity: Severity.ERROR, message: "The disk is full.", count: 1 });
    instrument.notifications.change(id, { acknowledgedBy: "operator window" });
    await whenMirrored(store, (state) => state.notifications.current?.state.notifications[0]?.acknowledgedBy);
  });
});
