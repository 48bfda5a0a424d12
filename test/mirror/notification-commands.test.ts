import { describe, expect, it } from "vitest";
import { Severity } from "../../gen/ts/macroscope/notification/v1/notification_pb";
import { acknowledgeNotifications, postNotification } from "../../src/mirror/notification-commands";
import { makeMirror } from "../renderer/support/mirrored";

const TOLD = {
  severity: Severity.WARNING,
  source: "window",
  code: "page_crashed",
  message: "The preview crashed.",
  remedy: "",
};

describe("notifications", () => {
  it("are told and acknowledged, by their ids or all", async () => {
    const { instrument, store } = makeMirror();
    const { lists } = instrument.notifications;
    await store.dispatch(postNotification(TOLD));
    await store.dispatch(postNotification({ ...TOLD, code: "again" }));
    expect(lists.current.notifications.map(({ code }) => code)).toEqual(["page_crashed", "again"]);
    await store.dispatch(acknowledgeNotifications([2]));
    expect(lists.current.notifications.map(({ acknowledgedBy }) => acknowledgedBy)).toEqual(["", "operator window"]);
    await store.dispatch(acknowledgeNotifications([]));
    expect(lists.current.notifications.every(({ acknowledgedBy }) => acknowledgedBy)).toBe(true);
  });

  it("say why when there is none of that id", async () => {
    const { store } = makeMirror();
    await store.dispatch(acknowledgeNotifications([77]));
    expect(store.getState().commands.acknowledgeNotifications.error).toMatchObject({ code: "NotFound" });
  });
});
