/** The program's menu, in place of Electron's own, whose accelerators load pages again and close windows without a question. */
import type { MenuItemConstructorOptions } from "electron";

export interface MenuOptions {
  /** process.platform. */
  readonly platform: string;
  /** The engine's tools are offered: in development. */
  readonly tools: boolean;
  /** Loads the page of the window in front again, unless something goes on. */
  readonly reload: () => void;
  /** Makes the pages larger (1), smaller (-1) or as they are made (0), unless something goes on: all pages have one scale, the stimulus too. */
  readonly zoom: (step: -1 | 0 | 1) => void;
}

/** What the menu is built from. */
export function menuTemplate({ platform, tools, reload, zoom }: MenuOptions): MenuItemConstructorOptions[] {
  const mac = platform === "darwin";
  const view: MenuItemConstructorOptions[] = [
    { label: "Load the page again", accelerator: "CommandOrControl+R", click: reload },
    ...(tools ? [{ role: "toggleDevTools" as const }] : []),
    { type: "separator" },
    { label: "Actual size", accelerator: "CommandOrControl+0", click: () => zoom(0) },
    { label: "Larger", accelerator: "CommandOrControl+Plus", click: () => zoom(1) },
    { label: "Smaller", accelerator: "CommandOrControl+-", click: () => zoom(-1) },
    { type: "separator" },
    { role: "togglefullscreen" },
  ];
  return [
    ...(mac ? [{ role: "appMenu" as const }] : [{ label: "&File", submenu: [{ role: "quit" as const }] }]),
    // Without it a Mac has no copy and paste.
    { role: "editMenu" },
    { label: "&View", submenu: view },
    { role: "windowMenu" },
  ];
}
