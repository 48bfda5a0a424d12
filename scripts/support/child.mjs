// Child processes of the scripts. Node built-ins only.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { root, toolEnvironment } from "./project.mjs";

/**
 * @typedef {object} ChildOptions
 * @property {string} [cwd] default: the checkout
 * @property {NodeJS.ProcessEnv} [env] variables on top of the tools' environment
 * @property {boolean} [show] true: the child writes to our output; false: its output is returned
 * @property {number} [timeoutMs] after this long the child is ended
 */

/**
 * Runs a program to its end. Never throws: what did not start has code 127.
 * @param {string[]} command the program and its arguments
 * @param {ChildOptions} options
 * @returns {Promise<{ code: number, output: string }>} the exit code, and stdout with stderr unless shown
 */
export function run(command, { cwd = root, env, show = false, timeoutMs } = {}) {
  const [program = "", ...args] = command;
  return new Promise((resolve) => {
    const stdio = /** @type {import("node:child_process").StdioOptions} */ (
      show ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"]
    );
    const child = spawn(program, args, {
      cwd,
      env: toolEnvironment(env),
      stdio,
      timeout: timeoutMs,
      windowsHide: true,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (/** @type {string} */ text) => (output += text));
    }
    child.on("error", (error) => resolve({ code: 127, output: `${program}: ${error.message}` }));
    child.on("close", (code, signal) => {
      if (signal) output += `\n${program} was ended by ${signal}`;
      resolve({ code: exitCode(code, signal), output });
    });
  });
}

/**
 * Runs a program and throws its output when it fails.
 * @param {string[]} command
 * @param {ChildOptions} options
 * @returns {Promise<string>} its output
 */
export async function runOrThrow(command, options = {}) {
  const { code, output } = await run(command, options);
  if (code !== 0) throw new Error(`${command.join(" ")}\nended with code ${code}:\n${output.trim()}`);
  return output;
}

/**
 * Puts a program in our place: its input and output are ours, signals go to it, and we end with its code.
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} env variables on top of the tools' environment
 * @returns {Promise<number>} its exit code
 */
export function become(command, env = {}) {
  const [program = "", ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env: toolEnvironment(env), stdio: "inherit" });
    /** @type {NodeJS.Signals[]} */
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, () => child.kill(signal));
    child.on("error", (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(127);
    });
    child.on("close", (code, signal) => resolve(exitCode(code, signal)));
  });
}

/**
 * As shells count: a child ended by signal n has code 128 + n.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function exitCode(code, signal) {
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}
