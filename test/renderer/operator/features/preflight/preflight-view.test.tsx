// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { CHECKS, MIXED_CHECKS, WARNED_CHECKS } from "../../../support/fake-run";
import { renderWindow } from "../../../support/render-window";

type Preflight = NonNullable<
  Parameters<ReturnType<typeof renderWindow>["instrument"]["workflow"]["change"]>[0]["preflight"]
>;

const view = () => within(screen.getByRole("region", { name: "Pre-flight" }));

async function checked(preflight: Preflight) {
  const rendered = renderWindow((fake) => {
    fake.workflow.change({ phase: WorkflowPhase.PRE_FLIGHT, preflight });
  });
  await screen.findByRole("region", { name: "Pre-flight" });
  return rendered;
}

describe("pre-flight", () => {
  it("lists every check with its result in a word, what was found and what to do", async () => {
    await checked({ checks: [...MIXED_CHECKS], madeNs: 5n });
    const rows = view()
      .getAllByRole("listitem")
      .map(({ textContent }) => textContent);
    expect(rows).toHaveLength(MIXED_CHECKS.length);
    expect(rows[1]).toContain("failFree space11 min left, the run takes 16 min.Free space, choose another folder");
    expect(rows.at(-1)).toContain("skippedCamera temperatureThis camera does not tell it.");
    expect(view().getByRole("status", { name: "Checks, in short" }).textContent).toContain("1 check failed");
    expect(view().getAllByRole("checkbox")).toHaveLength(3);
  });

  it("accepts warnings one by one or all, and forgets it when the checks are made again", async () => {
    const { instrument, user } = await checked({ checks: [...WARNED_CHECKS], madeNs: 5n });
    const box = (name: string) => view().getByRole<HTMLInputElement>("checkbox", { name });
    await user.click(box("Accept: Saturation"));
    expect(box("Accept: Stimulus display").checked).toBe(false);
    await user.click(box("Accept all 2 warnings"));
    expect(box("Accept: Stimulus display").checked).toBe(true);
    await user.click(box("Accept all 2 warnings"));
    expect(box("Accept: Saturation").checked).toBe(false);
    await user.click(box("Accept: Saturation"));
    instrument.workflow.change({ preflight: { checks: [...WARNED_CHECKS], madeNs: 6n } });
    await waitFor(() => {
      expect(box("Accept: Saturation").checked).toBe(false);
    });
  });

  it("says that the checks are being made, or do not hold any more", async () => {
    const { instrument } = await checked({ checks: [...CHECKS.slice(0, 2)], running: true });
    const short = () => view().getByRole("status", { name: "Checks, in short" }).textContent;
    expect(short()).toBe("The checks are being made");
    expect(view().getAllByRole("listitem")).toHaveLength(2);
    instrument.workflow.change({ preflight: { checks: [...CHECKS], madeNs: 5n, outdated: "The bar was widened." } });
    await view().findByText(/^The bar was widened. Start makes them again/);
    instrument.workflow.change({ preflight: { checks: [] } });
    await waitFor(() => {
      expect(short()).toContain("have not been made");
    });
  });
});
