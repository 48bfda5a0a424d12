import { expect, test } from "./application";

test("the page has nothing of Node or Electron, and runs no code but its own", async ({ app }) => {
  const found = await app.window.evaluate(async () => {
    const names = ["require", "module", "process", "Buffer", "global", "__dirname", "electron", "ipcRenderer"];
    const present = names.filter((name) => name in window);
    // Behind a timer, since what Playwright evaluates is itself let past the policy.
    const evaluated = await new Promise<boolean>((resolve) => {
      setTimeout(() => {
        try {
          // The point of the test is that this throws.
          // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
          new Function("return 1")();
          resolve(true);
        } catch {
          resolve(false);
        }
      }, 0);
    });
    return { present, evaluated };
  });
  expect(found).toEqual({ present: [], evaluated: false });
});

test("windows are sandboxed and isolated", async ({ app }) => {
  const preferences = await app.electron.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    // getLastWebPreferences is Electron's own, and undocumented.
    const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
    return contents.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
  });
});

test("a page goes nowhere, opens nothing, and reads no other file", async ({ app }) => {
  const before = app.window.url();
  const result = await app.window.evaluate(async () => {
    const opened = window.open("https://example.org/");
    const read = async (url: string) => {
      try {
        const { ok } = await fetch(url);
        return ok;
      } catch {
        return false;
      }
    };
    const reads = await Promise.all([
      read("file:///etc/passwd"),
      read("macroscope://app/../package.json"),
      read("macroscope://app/..%2f..%2fpackage.json"),
      read("https://example.org/"),
    ]);
    const permission = await navigator.permissions.query({ name: "geolocation" });
    window.location.href = "https://example.org/";
    return { opened: opened !== null, reads, permission: permission.state };
  });
  expect(result).toEqual({ opened: false, reads: [false, false, false, false], permission: "denied" });
  expect(app.window.url()).toBe(before);
});
