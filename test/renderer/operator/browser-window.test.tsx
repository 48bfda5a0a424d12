// @vitest-environment jsdom
import "../support/page-globals";
import { render, screen, waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { BrowserWindow } from "../../../src/renderer/operator/browser-window";
import { ConnectSession } from "../../../src/renderer/shared/connect-session";
import { FakeStorage } from "../support/fake-storage";
import { FakeWorker } from "../support/fake-worker";
import { openTab } from "../support/render-window";

const leaving: (() => void)[] = [];
afterEach(() => {
  for (const leave of leaving.splice(0)) leave();
});

function opened(worker = new FakeWorker()) {
  const session = new ConnectSession({
    address: "ws://127.0.0.1:4000/macroscope/v1",
    dial: worker.dial,
    storage: new FakeStorage(),
    label: "test",
    build: "test",
  });
  leaving.push(() => session.leave());
  render(<BrowserWindow session={session} tokenFile="/run/websocket.json" env="test" />);
  return { worker, user: userEvent.setup({ delay: null }) };
}

describe("BrowserWindow", () => {
  it("asks for the token, then shows the operator's window, which says what it knows without a host", async () => {
    const { worker, user } = opened();
    await user.paste(worker.token);
    await user.keyboard("{Enter}");
    await waitFor(() => {
      expect(screen.getByRole("status", { name: "State" }).textContent).toBe("Live");
    });
    const exposure = await screen.findByRole<HTMLInputElement>("spinbutton", { name: "Exposure" });
    expect(exposure.disabled).toBe(false);
    worker.present = false;
    worker.links[0]?.close("The worker is gone.");
    await screen.findByText("The connection to the worker is lost");
    expect(screen.getByRole("status", { name: "State" }).textContent).toBe("Worker lost");
  });

  it("shows a viewer everything, and lets nothing be changed", async () => {
    const worker = new FakeWorker();
    worker.role = Role.VIEWER;
    const { user } = opened(worker);
    await user.paste(worker.token);
    await user.keyboard("{Enter}");
    const exposure = await screen.findByRole<HTMLInputElement>("spinbutton", { name: "Exposure" });
    expect(exposure.disabled).toBe(true);
    expect(screen.getByText("Viewer")).toBeTruthy();
    await openTab(user, "Record");
    for (const name of ["Record", "Stop", "Run checks"]) {
      expect(screen.getByRole("button", { name }).getAttribute("aria-disabled")).toBe("true");
    }
    expect(screen.getByRole("button", { name: "Record" }).title).toContain("viewer");
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }).disabled).toBe(true);
  });

  it("asks again when the worker was started again", async () => {
    const { worker, user } = opened();
    await user.paste(worker.token);
    await user.keyboard("{Enter}");
    await screen.findByRole("status", { name: "State" });
    worker.token = "n".repeat(64);
    worker.links[0]?.close("The worker ended.");
    await screen.findByText(/It was started again and has new ones/);
  });
});
