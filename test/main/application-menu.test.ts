import type { MenuItemConstructorOptions } from "electron";
import { describe, expect, test, vi } from "vitest";
import { menuTemplate } from "../../src/main/application-menu";

function flat(items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
}

describe("the menu", () => {
  test.each(["linux", "win32", "darwin"])("on %s loads no page again past the guard", (platform) => {
    const reload = vi.fn();
    const items = flat(menuTemplate({ platform, tools: false, reload }));
    const roles = items.map(({ role }) => role);
    for (const role of ["reload", "forceReload", "toggleDevTools", "viewMenu", "fileMenu"]) {
      expect(roles).not.toContain(role);
    }
    const own = items.find(({ accelerator }) => accelerator === "CommandOrControl+R");
    (own?.click as (() => void) | undefined)?.();
    expect(reload).toHaveBeenCalledOnce();
  });

  test("has copy and paste, and a way out, on every system", () => {
    expect(flat(menuTemplate({ platform: "darwin", tools: false, reload: vi.fn() }))[0]?.role).toBe("appMenu");
    const linux = flat(menuTemplate({ platform: "linux", tools: false, reload: vi.fn() })).map(({ role }) => role);
    expect(linux).toEqual(expect.arrayContaining(["quit", "editMenu"]));
  });

  test("offers the engine's tools in development", () => {
    const items = flat(menuTemplate({ platform: "linux", tools: true, reload: vi.fn() }));
    expect(items.map(({ role }) => role)).toContain("toggleDevTools");
  });
});
