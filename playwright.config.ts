import { defineConfig } from "@playwright/test";

/** End-to-end tests drive the built app in a real Electron; `npm run test:e2e` says in which. One at a time: there is one worker and one camera. */
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
});
