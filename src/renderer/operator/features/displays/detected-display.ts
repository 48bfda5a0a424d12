/** What the program knows of a display, and the settings that it fills in by itself. */
import { configurationControls, sameValue } from "../../../../mirror";
import type { ParameterChanges, ParameterValue, ParameterValues, WindowsMirror } from "../../../../mirror";

export type Display = WindowsMirror["displays"][number];

/** Where the configuration says which display it is. */
export const DISPLAY_PATH = "display.display_id";

/**
 * The detected settings that are not what the display is, by path. A setting is filled by the display's property of the same name; what the system does
 * not say of a display (0) stays as it is.
 */
export function detectedChanges(display: Display, values: ParameterValues): ParameterChanges {
  const properties: Readonly<Record<string, unknown>> = { ...display };
  const changes: Record<string, ParameterValue> = {};
  for (const { path, detected } of configurationControls(values).values()) {
    if (!detected) continue;
    const name = path.slice(path.lastIndexOf(".") + 1);
    const found = path === DISPLAY_PATH ? display.id : properties[camelCase(name)];
    if (typeof found !== "number" && typeof found !== "string") continue;
    if (found !== 0 && !sameValue(values[path], found)) changes[path] = found;
  }
  return changes;
}

/** "2 · DELL P2419H · 1920 × 1080 · 60 Hz". */
export function displayText({ number, label, widthPx, heightPx, refreshRateHz }: Display): string {
  const rate = refreshRateHz > 0 ? `${Number(refreshRateHz.toFixed(2))} Hz` : "rate not known";
  return [number, label, `${widthPx} × ${heightPx}`, rate].filter((part) => part !== "").join(" · ");
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
