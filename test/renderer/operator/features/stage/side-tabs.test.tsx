// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openTab, renderWindow } from "../../../support/render-window";

const chosen = () => screen.getByRole("tab", { selected: true }).textContent;

describe("tabs of the right side", () => {
  it("are gone through by key, round the end", async () => {
    const { user } = renderWindow();
    expect(screen.getAllByRole("tab").map(({ textContent }) => textContent)).toEqual([
      "Camera",
      "Stimulus",
      "Geometry",
      "Session",
      "Acquisition",
      "Record",
    ]);
    await user.keyboard("]]");
    expect(chosen()).toBe("Geometry");
    // The next Tab is to go on from there.
    expect(document.activeElement).toBe(screen.getByRole("tab", { selected: true }));
    // Twice each: a single one has a meaning of its own here.
    await user.keyboard("[[[[[[[[");
    expect(chosen()).toBe("Acquisition");
  });

  it("keep what is typed while another is looked at", async () => {
    const { user } = renderWindow();
    await openTab(user, "Record");
    const name = screen.getByRole<HTMLInputElement>("textbox", { name: "Name" });
    await user.clear(name);
    await user.type(name, "mouse-12");
    await openTab(user, "Camera");
    await openTab(user, "Record");
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }).value).toBe("mouse-12");
  });
});
