import { defineConfig } from "@playwright/test";

/** As root on Linux Chromium refuses to start with its sandbox. */
const asRoot = process.platform === "linux" && process.getuid?.() === 0;

/**
 * End-to-end tests: "electron" drives the built app in a real Electron, "browser" the same window in Chromium over the WebSocket. `npm run test:e2e` finds
 * both and says which. One test at a time: there is one worker and one camera.
 */
export default defineConfig({
  testDir: "test/e2e",
  outputDir: ".cache/playwright",
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  // A test that passes at the second try hides a race.
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json", { outputFile: ".cache/test/playwright.json" }]],
  use: { trace: "retain-on-failure", screenshot: "only-on-failure" },
  projects: [
    { name: "electron", testIgnore: "browser*.spec.ts" },
    {
      name: "browser",
      testMatch: "browser*.spec.ts",
      use: {
        viewport: { width: 1600, height: 1000 },
        launchOptions: {
          executablePath: process.env.MACROSCOPE_CHROMIUM ?? "/usr/bin/chromium",
          args: [
            ...(asRoot ? ["--no-sandbox"] : []),
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
            "--disable-component-update",
            "--disable-sync",
            // For the test of rebinding; the name exists nowhere.
            "--host-resolver-rules=MAP rebound.test 127.0.0.1",
          ],
        },
      },
    },
  ],
});
