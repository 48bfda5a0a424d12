/** A key that has to be held: a touch of it does nothing. */
import { useEffect, useEffectEvent, useState } from "react";

/** Whether the key is held now; `run` is called once when it was held for so long. */
export function useHeldKey(key: string, holdMs: number, run: () => void, enabled: boolean): boolean {
  const [held, setHeld] = useState(false);
  const complete = useEffectEvent(run);
  useEffect(() => {
    if (!enabled) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const release = () => {
      clearTimeout(timer);
      timer = undefined;
      setHeld(false);
    };
    const onDown = (event: KeyboardEvent) => {
      if (event.key !== key || event.repeat || event.shiftKey || timer !== undefined) return;
      setHeld(true);
      timer = setTimeout(() => {
        setHeld(false);
        complete();
      }, holdMs);
    };
    const onUp = (event: KeyboardEvent) => {
      if (event.key === key) release();
    };
    // Captured: a dialog that takes Esc for itself does not keep anybody from stopping.
    window.addEventListener("keydown", onDown, true);
    window.addEventListener("keyup", onUp, true);
    window.addEventListener("blur", release);
    return () => {
      release();
      window.removeEventListener("keydown", onDown, true);
      window.removeEventListener("keyup", onUp, true);
      window.removeEventListener("blur", release);
    };
  }, [key, holdMs, enabled]);
  return held;
}
