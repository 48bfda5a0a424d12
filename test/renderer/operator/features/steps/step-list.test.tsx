// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { CHECKS, runAt } from "../../../support/fake-run";
import { renderWindow } from "../../../support/render-window";

const step = (name: RegExp) => within(screen.getByRole("list", { name: "Steps" })).getByRole("button", { name });
const preflight = { checks: [...CHECKS], madeNs: 5n };

describe("step list", () => {
  it("goes back where nothing running is harmed, by click and by key", async () => {
    const { instrument, user } = renderWindow((fake) => {
      fake.workflow.change({ phase: WorkflowPhase.PRE_FLIGHT, preflight });
    });
    await waitFor(() => {
      expect(step(/Pre-flight/).getAttribute("aria-current")).toBe("step");
    });
    expect(step(/^done ?Set-up/)).toBeTruthy();
    await user.click(step(/Set-up/));
    await waitFor(() => {
      expect(step(/Set-up/).getAttribute("aria-current")).toBe("step");
    });
    await user.keyboard("{Alt>}4{/Alt}");
    await waitFor(() => {
      expect(step(/Review/).getAttribute("aria-current")).toBe("step");
    });
    expect(instrument.asked.map(({ method }) => method).filter((one) => one === "enterPhase")).toHaveLength(2);
  });

  it("says what is against going, and does not go", async () => {
    const { instrument, user } = renderWindow((fake) => {
      fake.workflow.change({ phase: WorkflowPhase.ACQUISITION, run: runAt() });
    });
    await waitFor(() => {
      expect(step(/Acquire/).getAttribute("aria-current")).toBe("step");
    });
    expect(step(/Set-up/).getAttribute("aria-disabled")).toBe("true");
    expect(step(/Set-up/).title).toContain("not for the phase");
    await user.click(step(/Set-up/));
    await user.keyboard("{Alt>}1{/Alt}");
    expect(instrument.asked.some(({ method }) => method === "enterPhase")).toBe(false);
  });

  it("does not enter a run: that is what starting is for", async () => {
    renderWindow();
    await waitFor(() => {
      expect(step(/Set-up/).getAttribute("aria-current")).toBe("step");
    });
    expect(step(/Acquire/).title).toBe("A run is entered by starting it.");
  });
});
