// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CameraSettingsSchema } from "../../../../gen/ts/macroscope/camera/v1/settings_pb";
import { allControls, parameterForm } from "../../../../src/mirror";
import type { Control } from "../../../../src/mirror";
import { ParameterControl } from "../../../../src/renderer/shared/form/parameter-control";
import type { ParameterControlProps } from "../../../../src/renderer/shared/form/parameter-control";
import "../../support/render-window";

afterEach(cleanup);

const exposure: Control = {
  ...allControls(parameterForm(CameraSettingsSchema, { values: { exposure_us: 20_000 } }))[0]!,
  minimum: 20,
  maximum: 1_000_000,
};

function show(change: Partial<ParameterControlProps> = {}) {
  const asked = { onType: vi.fn(), onApply: vi.fn(), onChoose: vi.fn(), onRestore: vi.fn() };
  const given = { control: exposure, draft: undefined, refusal: undefined, locked: undefined, ...asked, ...change };
  render(
    <MantineProvider env="test">
      <ParameterControl {...given} />
    </MantineProvider>,
  );
  return { ...asked, user: userEvent.setup({ delay: null }) };
}

describe("ParameterControl", () => {
  it("describes a number to those who do not see it", () => {
    show();
    const field = screen.getByRole("spinbutton", { name: "Exposure" });
    expect(field.getAttribute("aria-valuetext")).toBe("20 ms");
    expect(field.getAttribute("aria-valuemax")).toBe("1000");
    const range = document.getElementById(field.getAttribute("aria-describedby") ?? "");
    expect(range?.textContent).toBe("0.02 to 1000 ms");
  });

  it("steps by arrows in the second figure, ten times as far with Shift, never past a limit", async () => {
    const { onType, user } = show();
    await user.click(screen.getByRole("spinbutton", { name: "Exposure" }));
    await user.keyboard("{ArrowUp}{ArrowDown}{Shift>}{ArrowUp}{/Shift}");
    expect(onType.mock.calls).toEqual([["21"], ["19"], ["30"]]);
    cleanup();
    const high = show({ draft: { text: "999" } });
    await high.user.click(screen.getByRole("spinbutton", { name: "Exposure" }));
    await high.user.keyboard("{ArrowUp}");
    expect(high.onType.mock.calls).toEqual([["1000"]]);
  });

  it("asks for a slider's value when it is let go, not while it moves", () => {
    const { onType, onChoose } = show();
    const slider = screen.getByRole("slider", { name: "Exposure slider" });
    fireEvent.change(slider, { target: { value: "250" } });
    expect(onType).toHaveBeenCalledWith("4.47");
    expect(onChoose).not.toHaveBeenCalled();
    fireEvent.pointerUp(slider);
    expect(onChoose.mock.calls).toEqual([["4.47"]]);
  });

  it.each(["pointerCancel", "lostPointerCapture"] as const)("asks for what a slider shows after %s", (ended) => {
    const { onChoose } = show();
    const slider = screen.getByRole("slider", { name: "Exposure slider" });
    fireEvent.change(slider, { target: { value: "250" } });
    fireEvent[ended](slider);
    expect(onChoose.mock.calls).toEqual([["4.47"]]);
  });

  it("keeps Esc to itself only when there is something to restore", async () => {
    const { onRestore, user } = show();
    await user.type(screen.getByRole("spinbutton", { name: "Exposure" }), "{Escape}");
    expect(onRestore).not.toHaveBeenCalled();
    cleanup();
    const changed = show({ draft: { text: "21" } });
    await changed.user.type(screen.getByRole("spinbutton", { name: "Exposure" }), "{Escape}");
    expect(changed.onRestore).toHaveBeenCalledOnce();
  });

  it("says why it cannot be changed", () => {
    show({ control: { ...exposure, readOnly: true, reason: "Auto exposure is on." } });
    expect(screen.getByRole<HTMLInputElement>("spinbutton", { name: "Exposure" }).disabled).toBe(true);
    expect(screen.getByText("Auto exposure is on.")).toBeTruthy();
  });

  it("draws switches and texts, which the camera's schema may have one day", async () => {
    const { onChoose, user } = show({ control: { ...exposure, kind: "switch", label: "Cooler", value: false } });
    await user.click(screen.getByRole("switch", { name: "Cooler" }));
    expect(onChoose.mock.calls).toEqual([["true"]]);
    cleanup();
    const text = show({ control: { ...exposure, kind: "text", label: "Name", value: "a" } });
    await text.user.type(screen.getByRole("textbox", { name: "Name" }), "b{Enter}");
    expect(text.onType).toHaveBeenCalledWith("ab");
    expect(text.onApply).toHaveBeenCalledOnce();
  });
});
