/** The program's menu, in place of Electron's own, whose accelerators load pages again and close windows without a question. */
import type { MenuItemConstructorOptions } from "electron";

export interface MenuOptions {
  /** process.platform. */
  readonly platform: string;
  /** The engine's tools are offered: in development. */
  readonly tools: boolean;
  /** Loads the page of the window in front again, unless something goes on. */
  readonly reload: () => void;
}

/** What the menu is built from. */
export function menuTemplate({ platform, tools, reload }: MenuOptions): MenuItemConstructorOptions[] {
  const mac = platform === "darwin";
  const view: MenuItemConstructorOptions[] = [
    { label: "Load the page again", accelerator: "CommandOrControl+R", click: reload },
    ...(tools ? [{ role: "toggleDevTools" as const }] : []),
    { type: "separator" },
    { role: "resetZoom" },
    { role: "zoomIn" },
    { role: "zoomOut" },
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
