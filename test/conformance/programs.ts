/** The programs of both languages, as processes. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ConformanceCase, Observation } from "./corpus";

const root = path.resolve(import.meta.dirname, "../..");
const python = path.join(root, ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/** Both languages' programs do the same. */
export const LANGUAGES = ["typescript", "python"] as const;
export type Language = (typeof LANGUAGES)[number];

/** How long a case may take before its client is given up. */
const CASE_WITHIN_MS = 6_000;

const PROGRAMS = {
  server: fileURLToPath(new URL("./server.ts", import.meta.url)),
  client: fileURLToPath(new URL("./client.ts", import.meta.url)),
};

/** How a module of python/ is run. */
export function pythonModule(module: string, args: readonly string[]) {
  return { program: python, args: ["-m", module, ...args], cwd: path.join(root, "python") };
}

function start(language: Language, name: keyof typeof PROGRAMS, given: readonly string[]): ChildProcess {
  const { program, args, cwd } =
    language === "python"
      ? pythonModule(`tests.conformance.${name}`, given)
      : { program: process.execPath, args: [PROGRAMS[name], ...given], cwd: root };
  return spawn(program, args, { cwd, stdio: ["pipe", "pipe", "inherit"] });
}

/** A server at a path. */
export class ServerProgram {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** Starts one; resolves when it listens. */
  static async start(language: Language, socketPath: string): Promise<ServerProgram> {
    const process = start(language, "server", [socketPath]);
    await new Promise<void>((resolve, reject) => {
      process.once("exit", (code) => reject(new Error(`The ${language} server ended with ${code}.`)));
      createInterface({ input: process.stdout! }).on("line", (line) => {
        if (line === "listening") {
          resolve();
        }
      });
    });
    return new ServerProgram(process);
  }

  stop(): void {
    this.#process.kill("SIGKILL");
  }
}

/** A client that runs one case after the other. */
export class ClientProgram {
  readonly #language: Language;
  #process: ChildProcess | undefined;
  #lines: AsyncIterator<string> | undefined;

  constructor(language: Language) {
    this.#language = language;
  }

  /** Starts the process ahead of its first case. */
  start(): void {
    this.#process = start(this.#language, "client", []);
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** Runs a case against the server at a path. One that hangs ends its process; the next case gets another. */
  async run(socketPath: string, conformanceCase: ConformanceCase): Promise<Observation> {
    if (this.#process === undefined) {
      this.start();
    }
    this.#process!.stdin!.write(`${JSON.stringify({ path: socketPath, case: conformanceCase })}\n`);
    const timer = setTimeout(() => this.stop(), CASE_WITHIN_MS);
    const line = await this.#lines!.next();
    clearTimeout(timer);
    if (line.done === true) {
      this.stop();
      const fault = `the process ended, or gave no answer within ${CASE_WITHIN_MS} ms`;
      return { name: conformanceCase.name, calls: [], fault };
    }
    return JSON.parse(line.value) as Observation;
  }

  stop(): void {
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
  }
}
