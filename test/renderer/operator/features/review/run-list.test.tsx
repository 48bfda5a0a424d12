// @vitest-environment jsdom
import { screen, within } from "@testing-library/react";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { AcquisitionPhase } from "../../../../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { renderWindow } from "../../../support/render-window";

const runs = () => within(screen.getByRole("region", { name: "Runs" }));

describe("list of runs", () => {
  it("has each with its outcome in a word, and opens it in the middle", async () => {
    const { user } = renderWindow();
    const item = await runs().findByRole("button", { name: /mouse12.*stopped early, 17\/40 sweeps/ });
    expect(runs().getByRole("button", { name: /focus.*recorded/ })).toBeTruthy();
    await user.click(item);
    const review = await screen.findByRole("region", { name: "Review" });
    expect(within(review).getByText("17 of 40")).toBeTruthy();
    expect(item.getAttribute("aria-pressed")).toBe("true");
    await user.click(item);
    expect(screen.queryByRole("region", { name: "Review" })).toBeNull();
  });

  it("says why one cannot be read", async () => {
    const { user } = renderWindow();
    await user.click(await runs().findByRole("button", { name: /mouse11.*unreadable/ }));
    expect(
      within(await screen.findByRole("region", { name: "Review" })).getByText("run.json is cut off."),
    ).toBeTruthy();
  });

  it("says where runs will lie when there are none, and how many are not listed", async () => {
    const { instrument, user } = renderWindow((fake) => {
      fake.runs.entries = [];
    });
    await runs().findByText("No run yet. They will lie in /data/macroscope.");
    instrument.runs.leftOut = 12;
    await user.click(runs().getByRole("button", { name: "Look for runs again" }));
    await runs().findByText("12 older ones are not listed.");
  });

  it("does not say that there is none while the first goes on", async () => {
    renderWindow((fake) => {
      fake.runs.entries = [];
      fake.changeAcquisition({ phase: AcquisitionPhase.RECORDING });
    });
    await runs().findByText("The one that goes on is listed when it has ended. They will lie in /data/macroscope.");
  });

  it("says why the list could not be read", async () => {
    renderWindow((fake) => {
      fake.refusals.set("listRuns", new ConnectError("The folder is gone.", Code.NotFound));
    });
    await runs().findByText("The folder is gone.");
  });
});
