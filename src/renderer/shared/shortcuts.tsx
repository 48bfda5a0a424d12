/** Keyboard shortcuts of a window: each is registered by the feature that has it, and listed by "?". */
import { createContext, useContext, useEffect, useMemo, useRef, useState } from "react";

/** One shortcut. */
export interface Shortcut {
  /** As listed: "R", "Shift+Esc", "Alt+1", "Ctrl+Z", "+". */
  readonly keys: string;
  readonly label: string;
  readonly group: string;
  /** Works while something is typed, too. */
  readonly whileTyping?: boolean;
  /** Works while a dialog is open, too. One that works while something is typed as well is heard before anything in the page can take the key. */
  readonly overDialogs?: boolean;
  /** Runs again and again while the key is held. */
  readonly repeats?: boolean;
  /** Absent: only listed, the feature listens for itself. */
  readonly run?: () => void;
}

interface Registry {
  readonly shortcuts: readonly Shortcut[];
  readonly add: (shortcut: { readonly current: Shortcut }) => () => void;
}

const ShortcutContext = createContext<Registry | null>(null);

/** Provides shortcuts to everything inside. */
export function ShortcutProvider({ children }: { readonly children: React.ReactNode }) {
  const [registered, setRegistered] = useState<readonly { readonly current: Shortcut }[]>([]);
  const add = useMemo(
    () => (shortcut: { readonly current: Shortcut }) => {
      setRegistered((before) => [...before, shortcut]);
      return () => setRegistered((before) => before.filter((one) => one !== shortcut));
    },
    [],
  );
  useEffect(() => {
    const press = (event: KeyboardEvent, first: boolean) => {
      const pressed = registered.find(
        ({ current }) => current.run && isFirst(current) === first && matches(current.keys, event),
      )?.current;
      if (!pressed || (isTyping(event.target) && !pressed.whileTyping)) return;
      // What is behind a dialog is not to be commanded blindly.
      if (isBehindDialog(event.target) && !pressed.overDialogs) return;
      event.preventDefault();
      // What a key does next may be another thing than what it did first: held, it would go from the checks into a run.
      if (!event.repeat || pressed.repeats) pressed.run?.();
    };
    const onKeyFirst = (event: KeyboardEvent) => {
      press(event, true);
    };
    const onKey = (event: KeyboardEvent) => {
      if (!event.defaultPrevented) press(event, false);
    };
    window.addEventListener("keydown", onKeyFirst, true);
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKeyFirst, true);
      window.removeEventListener("keydown", onKey);
    };
  }, [registered]);
  const registry = useMemo(() => ({ shortcuts: registered.map(({ current }) => current), add }), [registered, add]);
  return <ShortcutContext value={registry}>{children}</ShortcutContext>;
}

/** Registers a shortcut for as long as the component lives. */
export function useShortcut(shortcut: Shortcut): void {
  const registry = useContext(ShortcutContext);
  const add = registry?.add;
  const newest = useRef(shortcut);
  useEffect(() => {
    newest.current = shortcut;
  });
  useEffect(() => add?.(newest), [add]);
}

/** All shortcuts that are registered now. */
export function useShortcuts(): readonly Shortcut[] {
  return useContext(ShortcutContext)?.shortcuts ?? [];
}

function matches(keys: string, event: KeyboardEvent): boolean {
  const parts = keys.split("+").filter((part) => part !== "");
  const key = parts.at(-1) ?? "+";
  // Where there is a Command key it does what Ctrl does elsewhere.
  const control = event.ctrlKey || event.metaKey;
  if (control !== parts.includes("Ctrl") || event.altKey !== parts.includes("Alt")) return false;
  // With Alt a digit key may give another sign; it is still that key.
  if (event.altKey && event.code === `Digit${key}`) return true;
  const named = key === "Esc" ? "Escape" : key;
  if (event.key.toLowerCase() !== named.toLowerCase()) return false;
  // Signs such as "?" need Shift on some keyboards and not on others.
  return key.length === 1 && !/[a-z]/i.test(key) ? true : event.shiftKey === parts.includes("Shift");
}

/** Such as Stop: whatever has the focus does not keep it from being heard. */
function isFirst({ whileTyping = false, overDialogs = false }: Shortcut): boolean {
  return whileTyping && overDialogs;
}

/** A modal dialog keeps the keys wherever the focus is: it may be gone with what had it, or stand on what lies above dialogs. */
function isBehindDialog(target: EventTarget | null): boolean {
  if (document.querySelector('[aria-modal="true"]') !== null) return true;
  return target instanceof Element && target.closest('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement)
    return true;
  return target instanceof HTMLInputElement && !["range", "checkbox", "radio", "button"].includes(target.type);
}
