import { afterEach, describe, expect, it } from "vitest";
import { Severity } from "../../gen/ts/macroscope/notification/v1/notification_pb";
import type { HeldStream } from "../../src/mirror/keep-stream";
import { watchNotifications } from "../../src/mirror/watch-notifications";
import { makeMirror, whenMirrored } from "../renderer/support/mirrored";

let stream: HeldStream | undefined;
afterEach(() => stream?.stop());

describe("watchNotifications", () => {
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
