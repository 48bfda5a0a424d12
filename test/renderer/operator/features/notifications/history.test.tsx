// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { Severity } from "../../../../../gen/ts/macroscope/notification/v1/notification_pb";
import { renderWindow } from "../../../support/render-window";

const history = () => within(screen.getByRole("dialog", { name: "Notifications" }));

async function opened() {
  const rendered = renderWindow((fake) => {
    const { id } = fake.notifications.post({ source: "configuration", code: "preset_loaded", message: "Loaded." });
    fake.notifications.change(id, { acknowledgedBy: "operator window" });
    fake.notifications.post({
      severity: Severity.WARNING,
      source: "recording",
      code: "disk_low",
      message: "Low.",
      count: 3,
    });
    fake.notifications.post({ severity: Severity.ERROR, source: "camera", code: "camera_silent", message: "Silent." });
  });
  await screen.findByRole("button", { name: "2 notifications to acknowledge" });
  await rendered.user.keyboard("n");
  await screen.findByRole("dialog", { name: "Notifications" });
  return rendered;
}

describe("history of notifications", () => {
  it("has all, newest first, with who has seen them", async () => {
    await opened();
    const items = history()
      .getAllByRole("listitem")
      .map(({ textContent }) => textContent);
    expect(items[0]).toContain("Errorcameracamera_silent");
    expect(items[1]).toContain("3 times");
    expect(items[2]).toContain("Acknowledged by operator window");
  });

  it("acknowledges one, and all", async () => {
    const { instrument, user } = await opened();
    await user.click(history().getByRole("button", { name: "Acknowledge: Low." }));
    await history().findByText("1 not acknowledged.");
    await user.click(history().getByRole("button", { name: "Acknowledge all" }));
    await history().findByText("All are acknowledged.");
    expect(instrument.asked.filter(({ method }) => method === "acknowledgeNotifications")).toHaveLength(2);
  });

  it("says when that failed, and gives the focus back when it is closed", async () => {
    const { instrument, user } = await opened();
    instrument.refusals.set("acknowledgeNotifications", new ConnectError("It did not answer.", Code.DeadlineExceeded));
    await user.click(history().getByRole("button", { name: "Acknowledge all" }));
    await history().findByText("It did not answer.");
    await user.keyboard("{Escape}");
    await waitFor(() => {
      expect(screen.queryByRole("dialog")).toBeNull();
    });
  });

  it("is empty without notifications", async () => {
    const { user } = renderWindow();
    await user.click(screen.getByRole("button", { name: "0 notifications to acknowledge" }));
    await screen.findByText("Nothing has been told yet.");
  });
});
