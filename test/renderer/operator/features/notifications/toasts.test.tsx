// @vitest-environment jsdom
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { Severity } from "../../../../../gen/ts/macroscope/notification/v1/notification_pb";
import { notificationsArrived } from "../../../../../src/mirror/notifications-slice";
import { renderWindow } from "../../../support/render-window";

const toasts = () => within(screen.getByRole("region", { name: "New notifications" }));
const DISK_FULL = {
  severity: Severity.ERROR,
  source: "recording",
  code: "disk_full",
  message: "The disk is full.",
  remedy: "Free space.",
};

describe("toasts", () => {
  it("show what is told, errors as alerts, and are acknowledged by their button", async () => {
    const { instrument, user } = renderWindow();
    instrument.notifications.post(DISK_FULL);
    instrument.notifications.post({ severity: Severity.INFO, source: "window", message: "A preview was opened." });
    const alert = await toasts().findByRole("alert");
    expect(alert.textContent).toContain("Error · recording");
    expect(alert.textContent).toContain("Free space.");
    expect(alert.closest("[aria-live]")?.getAttribute("aria-live")).toBe("polite");
    await user.click(toasts().getByRole("button", { name: "Acknowledge: The disk is full." }));
    await waitFor(() => {
      expect(toasts().queryByRole("alert")).toBeNull();
    });
    expect(instrument.asked.at(-1)).toMatchObject({ method: "acknowledgeNotifications", request: { ids: [1n] } });
    expect(screen.getByRole("button", { name: "1 notification to acknowledge" })).toBeTruthy();
  });

  it("show what is told by a worker whose clock is another than the page's", async () => {
    const { instrument } = renderWindow();
    await screen.findByRole("button", { name: "0 notifications to acknowledge" });
    const wrong = { lastUnixNs: 1n, raisedUnixNs: 1n };
    instrument.notifications.post({ ...wrong, source: "window", message: "A preview was opened." });
    await toasts().findByText("A preview was opened.");
  });

  it("that were hidden hide nothing that another worker tells", async () => {
    const { instrument, store, user } = renderWindow();
    instrument.notifications.post(DISK_FULL);
    await toasts().findByRole("alert");
    instrument.channels.worker.set({ phase: "stale" });
    await user.click(await toasts().findByRole("button", { name: "Hide: The disk is full." }));
    const { current } = store.getState().notifications;
    if (current) act(() => void store.dispatch(notificationsArrived({ ...current, epoch: "another" })));
    await toasts().findByRole("alert");
  });

  it("show few at a time, the others wait in the history", async () => {
    const { instrument, user } = renderWindow();
    for (let place = 0; place < 5; place += 1)
      instrument.notifications.post({ ...DISK_FULL, message: `No. ${place}.` });
    await user.click(await toasts().findByRole("button", { name: "2 more in the history (N)" }));
    const history = await screen.findByRole("dialog", { name: "Notifications" });
    expect(within(history).getAllByRole("listitem")).toHaveLength(5);
  });

  it("can be hidden when they cannot be acknowledged, until they are told again", async () => {
    const { instrument, user } = renderWindow();
    const { id } = instrument.notifications.post(DISK_FULL);
    await toasts().findByRole("alert");
    instrument.channels.worker.set({ phase: "stale" });
    await user.click(await toasts().findByRole("button", { name: "Hide: The disk is full." }));
    expect(toasts().queryByRole("alert")).toBeNull();
    expect(instrument.asked.some(({ method }) => method === "acknowledgeNotifications")).toBe(false);
    instrument.notifications.change(id, { count: 2 });
    await toasts().findByRole("alert");
  });
});
