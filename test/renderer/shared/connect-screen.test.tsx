// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { ConnectScreen } from "../../../src/renderer/shared/connect-screen";
import type { ConnectScreenProps } from "../../../src/renderer/shared/connect-screen";
import "../support/render-window";

const ADDRESS = "ws://127.0.0.1:4000/macroscope/v1";
const TOKEN = "t".repeat(64);

function shown(props: Partial<ConnectScreenProps> = {}) {
  const onConnect = vi.fn();
  const onCancel = vi.fn();
  const state = { kind: "asking", address: ADDRESS, problem: "" } as const;
  const draw = (changed: Partial<ConnectScreenProps>) => (
    <MantineProvider env="test">
      <ConnectScreen state={state} tokenFile="/run/websocket.json" {...{ onConnect, onCancel }} {...changed} />
    </MantineProvider>
  );
  const { rerender } = render(draw(props));
  return {
    onConnect,
    onCancel,
    user: userEvent.setup({ delay: null }),
    redraw: (changed: Partial<ConnectScreenProps>) => rerender(draw(changed)),
  };
}

const token = () => screen.getByLabelText<HTMLInputElement>("Token");

describe("ConnectScreen", () => {
  it("takes a pasted token with the keyboard alone, and does not keep it on the page", async () => {
    const { onConnect, user } = shown();
    expect(document.activeElement).toBe(token());
    expect(token().type).toBe("password");
    await user.paste(` ${TOKEN}\n`);
    // Nor in an attribute meanwhile, which selectors, copies of the page and extensions see.
    expect(document.documentElement.outerHTML).not.toContain(TOKEN);
    await user.keyboard("{Enter}");
    expect(onConnect).toHaveBeenCalledExactlyOnceWith({ address: ADDRESS, token: TOKEN });
    expect(token().value).toBe("");
    expect(screen.queryByText("The token is missing.")).toBeNull();
  });

  it.each([
    ["nothing", "", "The token is missing."],
    ["a piece of it", "abc", "This is no token."],
    ["two of them", `${TOKEN} ${TOKEN}`, "This is no token."],
    ["what is longer than any", "t".repeat(129), "This is no token."],
    ["a token in quotes of a word processor", `“${TOKEN}”`, "This is no token."],
  ])("does not dial with %s", async (_what, text, problem) => {
    const { onConnect, user } = shown();
    if (text !== "") await user.paste(text);
    await user.keyboard("{Enter}");
    expect(onConnect).not.toHaveBeenCalled();
    expect(screen.getByText(new RegExp(problem))).toBeTruthy();
  });

  it("shows no token to another computer", async () => {
    const { onConnect, user } = shown();
    await user.paste(TOKEN);
    const worker = screen.getByLabelText("Worker");
    await user.clear(worker);
    await user.type(worker, "ws://attacker.example:4000/macroscope/v1{Enter}");
    expect(onConnect).not.toHaveBeenCalled();
    expect(screen.getByText(/has to be on this computer/)).toBeTruthy();
  });

  it("says what the last attempt met, and may be given up while it tries", async () => {
    const { onCancel, user, redraw } = shown();
    redraw({ state: { kind: "connecting", address: ADDRESS, problem: "No worker listens there.", attempt: 2 } });
    expect(screen.getByText("No worker listens there.")).toBeTruthy();
    expect(token().disabled).toBe(true);
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(onCancel).toHaveBeenCalledOnce();
    redraw({ state: { kind: "asking", address: ADDRESS, problem: "The worker does not take this token." } });
    expect(screen.getByRole("alert").textContent).toContain("does not take this token");
    expect(document.activeElement).toBe(token());
  });

  it("says where the tokens are", () => {
    shown();
    expect(screen.getByText("/run/websocket.json")).toBeTruthy();
    cleanup();
    shown({ tokenFile: "" });
    expect(screen.getByText(/from the worker’s websocket.json/)).toBeTruthy();
  });
});
