// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { ShortcutProvider, useShortcut, useShortcuts } from "../../../src/renderer/shared/shortcuts";
import type { Shortcut } from "../../../src/renderer/shared/shortcuts";

afterEach(cleanup);

function Feature(shortcut: Shortcut) {
  useShortcut(shortcut);
  return null;
}

function Listing() {
  return (
    <p>
      {useShortcuts()
        .map(({ keys }) => keys)
        .join(" ")}
    </p>
  );
}

function setUp(another: React.ReactNode = null) {
  const pressed: string[] = [];
  const feature = (keys: string, whileTyping = false) => (
    <Feature
      keys={keys}
      label={keys}
      group=""
      whileTyping={whileTyping}
      overDialogs={whileTyping}
      run={() => pressed.push(keys)}
    />
  );
  const page = (more: React.ReactNode) => (
    <ShortcutProvider>
      {feature("R")}
      {feature("+")}
      {feature("Shift+Esc", true)}
      {feature("Alt+1")}
      {feature("Ctrl+Z")}
      {more}
      <div role="dialog">
        <button type="button">in a dialog</button>
      </div>
      <input aria-label="field" />
      <input aria-label="slider" type="range" />
      <input aria-label="choice" type="radio" />
      <Listing />
      {another}
    </ShortcutProvider>
  );
  const { rerender } = render(page(feature("F")));
  return { pressed, user: userEvent.setup({ delay: null }), withoutF: () => rerender(page(null)) };
}

describe("shortcuts", () => {
  it("run their own key and no other", async () => {
    const { pressed, user } = setUp();
    await user.keyboard("r+fx{Escape}{Shift>}{Escape}{/Shift}");
    expect(pressed).toEqual(["R", "+", "F", "Shift+Esc"]);
  });

  it("take Ctrl and Alt where they are named, and by the key where Alt makes another sign of it", async () => {
    const { pressed, user } = setUp();
    await user.keyboard("1z{Alt>}1{/Alt}{Control>}z{/Control}");
    expect(pressed).toEqual(["Alt+1", "Ctrl+Z"]);
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "¡", code: "Digit1", altKey: true }));
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "1", code: "Digit1", altKey: true, ctrlKey: true }));
    expect(pressed).toEqual(["Alt+1", "Ctrl+Z", "Alt+1"]);
  });

  it("leave keys with other modifiers to the system", async () => {
    const { pressed, user } = setUp();
    await user.keyboard("{Control>}r{/Control}{Alt>}r{/Alt}{Shift>}R{/Shift}");
    expect(pressed).toEqual([]);
  });

  it("are silent while something is typed, except those that must not be", async () => {
    const { pressed, user } = setUp();
    await user.click(screen.getByLabelText("field"));
    await user.keyboard("rf{Shift>}{Escape}{/Shift}");
    expect(pressed).toEqual(["Shift+Esc"]);
    await user.click(screen.getByLabelText("slider"));
    await user.keyboard("f");
    expect(pressed).toEqual(["Shift+Esc", "F"]);
    await user.click(screen.getByLabelText("choice"));
    await user.keyboard("r");
    expect(pressed).toEqual(["Shift+Esc", "F", "R"]);
  });

  it("leave alone what is behind a dialog, except those that must work", async () => {
    const { pressed, user } = setUp();
    await user.click(screen.getByText("in a dialog"));
    await user.keyboard("rf{Shift>}{Escape}{/Shift}");
    expect(pressed).toEqual(["Shift+Esc"]);
  });

  it("are not run behind a dialog when what had the focus in it is gone", async () => {
    const { pressed, user } = setUp();
    const modal = document.createElement("div");
    modal.setAttribute("role", "dialog");
    modal.setAttribute("aria-modal", "true");
    document.body.append(modal);
    await user.keyboard("rf{Shift>}{Escape}{/Shift}");
    modal.remove();
    expect(pressed).toEqual(["Shift+Esc"]);
    await user.keyboard("r");
    expect(pressed).toEqual(["Shift+Esc", "R"]);
  });

  it("are kept by a modal dialog wherever the focus is, except those that must work", async () => {
    const { pressed, user } = setUp();
    const modal = document.createElement("div");
    modal.setAttribute("role", "alertdialog");
    modal.setAttribute("aria-modal", "true");
    document.body.append(modal);
    // Such as Stop in the top line, which lies above dialogs.
    screen.getByLabelText("choice").focus();
    await user.keyboard("rf{Control>}z{/Control}{Alt>}1{/Alt}{Shift>}{Escape}{/Shift}");
    modal.remove();
    expect(pressed).toEqual(["Shift+Esc"]);
  });

  it("take the Command key for Ctrl, and for nothing else", async () => {
    const { pressed, user } = setUp();
    await user.keyboard("{Meta>}zrf{Shift>}{Escape}{/Shift}{/Meta}");
    expect(pressed).toEqual(["Ctrl+Z"]);
  });

  it("are heard where nothing else may take the key, when they must not be missed", async () => {
    const { pressed, user } = setUp();
    const button = screen.getByText("in a dialog");
    button.addEventListener("keydown", (event) => {
      event.preventDefault();
      event.stopPropagation();
    });
    await user.click(button);
    await user.keyboard("{Shift>}{Escape}{/Shift}");
    expect(pressed).toEqual(["Shift+Esc"]);
  });

  it("run once while the key is held, except those that are to go on", async () => {
    const { pressed, user } = setUp(<Feature keys="Z" label="" group="" repeats run={() => again.push("Z")} />);
    const again: string[] = [];
    await user.keyboard("{r>3/}{z>3/}");
    expect(pressed).toEqual(["R"]);
    expect(again).toEqual(["Z", "Z", "Z"]);
  });

  it("are listed for as long as their feature is there", async () => {
    const { pressed, user, withoutF } = setUp();
    expect(screen.getByText("R + Shift+Esc Alt+1 Ctrl+Z F")).toBeTruthy();
    withoutF();
    expect(screen.getByText("R + Shift+Esc Alt+1 Ctrl+Z")).toBeTruthy();
    await user.keyboard("f");
    expect(pressed).toEqual([]);
  });
});
