import type { MenuItemConstructorOptions } from "electron";
import { describe, expect, test, vi } from "vitest";
import { menuTemplate } from "../../src/main/application-menu";

function flat(items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
}

describe("the menu", () => {
  test.each(["linux", "win32", "darwin"])("on %s loads no page again past the guard", (platform) => {
    const reload = vi.fn();
    const zoom = vi.fn();
    const items = flat(menuTemplate({ platform, tools: false, reload, zoom }));
    const roles = items.map(({ role }) => role);
    for (const role of [
      "reload",
      "forceReload",
      "toggleDevTools",
      "viewMenu",
      "fileMenu",
      "zoomIn",
      "zoomOut",
      "resetZoom",
    ]) {
      expect(roles).not.toContain(role);
    }
    const own = items.find(({ accelerator }) => accelerator === "CommandOrControl+R");
    (own?.click as (() => void) | undefined)?.();
    expect(reload).toHaveBeenCalledOnce();
    for (const label of ["Larger", "Smaller", "Actual size"]) {
      (items.find((item) => item.label === label)?.click as (() => void) | undefined)?.();
    }
    expect(zoom.mock.calls).toEqual([[1], [-1], [0]]);
  });

  test("has copy and paste, and a way out, on every system", () => {
    expect(flat(menuTemplate({ platform: "darwin", tools: false, reload: vi.fn(), zoom: vi.fn() }))[0]?.role).toBe(
      "appMenu",
    );
    const linux = flat(menuTemplate({ platform: "linux", tools: false, reload: vi.fn(), zoom: vi.fn() })).map(
      ({ role }) => role,
    );
    expect(linux).toEqual(expect.arrayContaining(["quit", "editMenu"]));
  });

  test("offers the engine's tools in development", () => {
    const items = flat(menuTemplate({ platform: "linux", tools: true, reload: vi.fn(), zoom: vi.fn() }));
    expect(items.map(({ role }) => role)).toContain("toggleDevTools");
  });
});
