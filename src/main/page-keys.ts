/** Keys that must not reach the page's engine: those that load a page again while something goes on, and those that open its tools at a user's. */

/** The part of Electron's keyboard input that is read. */
export interface KeyInput {
  readonly type: string;
  readonly key: string;
  readonly control: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

/** The part of Electron's `WebContents` that is needed. */
export interface KeyedPage {
  on(event: "before-input-event", listener: (event: { preventDefault(): void }, input: KeyInput) => void): unknown;
}

/** Loads a page again: F5, Ctrl+R, with Shift too, and the same with Command. */
export function reloads({ key, control, meta }: KeyInput): boolean {
  return key === "F5" || ((control || meta) && key.toLowerCase() === "r");
}

/** Opens the engine's tools: F12, Ctrl+Shift+I, J or C, on macOS Command+Option+I, J or C. */
export function opensTools({ key, control, meta, alt, shift }: KeyInput): boolean {
  if (key === "F12") return true;
  return ["i", "j", "c"].includes(key.toLowerCase()) && ((control && shift) || (meta && alt));
}

/**
 * Keeps such keys from a page, the menu's accelerators included.
 *
 * @param guarded - whether pages may not be loaded again now.
 * @param tools - whether the engine's tools may be opened: in development.
 */
export function guardKeys(page: KeyedPage, guarded: () => boolean, tools: boolean): void {
  page.on("before-input-event", (event, input) => {
    if (input.type !== "keyDown") return;
    if ((reloads(input) && guarded()) || (opensTools(input) && !tools)) event.preventDefault();
  });
}
