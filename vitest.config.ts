import { defineConfig } from "vitest/config";

/** Unit tests mirror src/; contract tests start the real Python worker. Renderer tests ask for jsdom in their first line. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    exclude: ["test/e2e/**", "**/node_modules/**"],
    environment: "node",
    // A test that hangs must not hang the whole run.
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    restoreMocks: true,
    // Two cores are the smallest machine the tests are meant for.
    maxWorkers: 2,
  },
  // src/renderer has the operator's Vite settings of its own; tests need the JSX runtime only.
  oxc: { jsx: { runtime: "automatic" } },
});
