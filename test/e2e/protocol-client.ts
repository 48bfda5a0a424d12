/** Puts a client of the protocol into a page of the running program. */
import path from "node:path";
import type { Page } from "@playwright/test";
import { build } from "vite";

const entry = path.join(import.meta.dirname, "page/protocol-client.ts");
let bundled: Promise<string> | undefined;

/** What the page has from now on: `window.macroscopeTest`. Its policy lets nothing in; what a debugger evaluates is not asked. */
export async function enterPage(page: Page): Promise<void> {
  bundled ??= bundle();
  await page.evaluate(await bundled);
}

async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "warn",
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    build: { write: false, minify: false, lib: { entry, formats: ["iife"], name: "macroscopeTestClient" } },
  });
  const bundles = Array.isArray(built) ? built : "output" in built ? [built] : [];
  const chunk = bundles.flatMap(({ output }) => output).find(({ type }) => type === "chunk");
  if (chunk?.type !== "chunk") throw new Error("The test's client was not built.");
  return chunk.code;
}
