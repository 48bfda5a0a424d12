// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it, vi } from "vitest";
import { fakeTraffic } from "../../../support/fake-traffic";
import { renderWindow } from "../../../support/render-window";

const cells = (row: HTMLElement) =>
  [...row.querySelectorAll("th, td")].map((cell) => cell.textContent.replace(/\s/g, " "));
const rowOf = (table: HTMLElement, name: string | RegExp) => within(table).getByRole("row", { name });
const asked = ({ asked: calls }: ReturnType<typeof renderWindow>["instrument"]) =>
  calls.filter(({ method }) => method === "getTraffic").length;

describe("diagnostics dialog", () => {
  it("opens and shuts by its key, which is listed, and asks only while it is open", async () => {
    const { instrument, user } = renderWindow((made) => {
      made.traffic = () => fakeTraffic(100);
    });
    await user.keyboard("?");
    await screen.findByText("Traffic between the processes, open and shut");
    await user.keyboard("{Escape}");
    expect(asked(instrument)).toBe(0);
    await user.keyboard("t");
    await screen.findByRole("table", { name: "Methods of worker" });
    const before = asked(instrument);
    expect(before).toBeGreaterThanOrEqual(2);
    await user.keyboard("t");
    await waitFor(() => {
      expect(screen.queryByText("Broadcasts")).toBeNull();
    });
    const shut = asked(instrument);
    await new Promise((resolve) => setTimeout(resolve, 1300));
    expect(asked(instrument)).toBe(shut);
  });

  it("neither opens nor lets the notifications open over another dialog", async () => {
    const { user } = renderWindow();
    await user.keyboard("?");
    await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    await user.keyboard("tn");
    expect(screen.getAllByRole("dialog")).toHaveLength(1);
  });

  it("shows connections, who is behind, and the methods of a process", async () => {
    const { user } = renderWindow((made) => {
      made.traffic = () => fakeTraffic(100);
    });
    await user.keyboard("t");
    const connections = await screen.findByRole("table", { name: "Connections" });
    expect(cells(rowOf(connections, /^This window → worker/)).slice(0, 4)).toEqual([
      "This window → worker",
      "live",
      "operator",
      "0.2 ms",
    ]);
    await waitFor(() => {
      expect(cells(rowOf(connections, /^worker ← operator window 2/)).slice(1, 3)).toEqual([
        "silent for 3 s",
        "viewer",
      ]);
    });
    const receivers = screen.getByRole("table", { name: "Receivers of broadcasts" });
    expect(within(receivers).getByText("3.4 s behind")).toBeTruthy();
    expect(within(receivers).getByText("Nothing was heard for 5.0 s.")).toBeTruthy();
    const methods = screen.getByRole("table", { name: "Methods of worker" });
    const started = cells(rowOf(methods, /^Acquisition · StartRecording/));
    expect([started[1], started[3], started[4], started[5]]).toEqual(["3", "1", "180 ms", "1.6 s"]);
    // Calls that were given up are no faults.
    expect(cells(rowOf(methods, /^Camera · WatchCamera/)).slice(1, 4)).toEqual(["2", "1", "–"]);
    await user.click(screen.getByRole("radio", { name: "host" }));
    await screen.findByRole("table", { name: "Methods of host" });
    await user.click(screen.getByRole("radio", { name: "operator window 1" }));
    await screen.findByText("No calls were counted yet.");
  });

  it("leaves nothing behind at each poll, however long it is open", async () => {
    const added = vi.spyOn(AbortSignal.prototype, "addEventListener");
    const removed = vi.spyOn(AbortSignal.prototype, "removeEventListener");
    const { instrument, user } = renderWindow((made) => {
      made.traffic = () => fakeTraffic(100);
    });
    await user.keyboard("t");
    await waitFor(() => expect(asked(instrument)).toBeGreaterThanOrEqual(2));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const listeners = added.mock.calls.length - removed.mock.calls.length;
    await waitFor(() => expect(asked(instrument)).toBeGreaterThanOrEqual(4), { timeout: 3000 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(added.mock.calls.length - removed.mock.calls.length).toBe(listeners);
    vi.restoreAllMocks();
  });

  it("says who does not answer, and what a lost connection is", async () => {
    const { instrument, user } = renderWindow();
    instrument.traffic = () => {
      throw new ConnectError("There is no connection.", Code.Unavailable);
    };
    instrument.channels.worker.set({ phase: "lost", attempt: 3 });
    await user.keyboard("t");
    await screen.findAllByText(/does not answer/, { selector: "span" });
    // The sentence, without the code's name in brackets.
    await screen.findAllByText(/^There is no connection\. Its counts are/);
    const connections = screen.getByRole("table", { name: "Connections" });
    expect(within(connections).getByText("lost, attempt 3")).toBeTruthy();
    expect(screen.getByText("Nobody holds a broadcast open.")).toBeTruthy();
  });
});
