// Makes a bare clone ready: npm packages, Python environment, generated code, built app. What is up to date is left alone.
// Runs on Node 20 before anything is installed; Node built-ins only.
import process from "node:process";
import { fileURLToPath } from "node:url";
import { buildApp } from "./setup/app-build.mjs";
import { generateCode } from "./setup/generated-code.mjs";
import { installNpmPackages } from "./setup/npm-packages.mjs";
import { makePythonEnvironment } from "./setup/python-environment.mjs";
import { alone } from "./support/lock.mjs";

const oldestNode = 20;

/**
 * Does all steps of the set-up that are not up to date.
 * @param {{ build?: boolean }} options build: whether the app is built too
 */
export async function setUp({ build = true } = {}) {
  if (Number(process.versions.node.split(".")[0]) < oldestNode) {
    throw new Error(`Node ${process.versions.node} is too old for the set-up. Install Node ${oldestNode} or newer.`);
  }
  await alone(async () => {
    // Neither needs the other, and both wait for the network most of the time.
    const both = await Promise.allSettled([installNpmPackages(), makePythonEnvironment()]);
    const reasons = both.flatMap((result) =>
      result.status === "rejected" ? [String(result.reason?.message ?? result.reason)] : [],
    );
    if (reasons.length > 0) throw new Error(reasons.join("\n\n"));
    await generateCode();
    if (build) await buildApp();
  });
}

/**
 * The set-up as the first thing of a command: its failure is told and ends the process.
 * @param {{ build?: boolean }} options
 */
export async function setUpOrExit(options = {}) {
  try {
    await setUp(options);
  } catch (error) {
    console.error(`\nThe set-up failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await setUpOrExit();
