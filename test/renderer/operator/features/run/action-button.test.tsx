// @vitest-environment jsdom
import "../../../support/page-globals";
import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { ActionButton } from "../../../../../src/renderer/operator/features/run/action-button";
import type { ActionButtonProps } from "../../../../../src/renderer/operator/features/run/action-button";

afterEach(cleanup);

async function clicks(change: Partial<ActionButtonProps>): Promise<number> {
  let acted = 0;
  const props = { label: "Start run", help: "Starts it", hindrance: undefined, onAct: () => (acted += 1), ...change };
  render(
    <MantineProvider env="test">
      <ActionButton {...props} />
    </MantineProvider>,
  );
  const user = userEvent.setup({ delay: null });
  await user.click(screen.getByRole("button", { name: "Start run" }));
  await user.keyboard("{Enter} ");
  return acted;
}

describe("ActionButton", () => {
  it("acts by pointer and by keys", async () => {
    expect(await clicks({ keys: "G" })).toBe(3);
  });

  it("takes a double click, and Enter that is held, for one: after the first it may be about something else", async () => {
    let acted = 0;
    render(
      <MantineProvider env="test">
        <ActionButton label="Start run" help="Starts it" hindrance={undefined} onAct={() => (acted += 1)} />
      </MantineProvider>,
    );
    const user = userEvent.setup({ delay: null });
    await user.dblClick(screen.getByRole("button", { name: "Start run" }));
    expect(acted).toBe(1);
    await user.keyboard("{Enter>3/}");
    expect(acted).toBe(2);
  });

  it("does nothing while it is hindered or asked for, and says why", async () => {
    expect(await clicks({ hindrance: { reason: "No camera is live.", remedy: "Choose one." } })).toBe(0);
    expect(screen.getByRole("button").title).toBe("No camera is live. Choose one.");
    cleanup();
    expect(await clicks({ pending: true })).toBe(0);
  });
});
