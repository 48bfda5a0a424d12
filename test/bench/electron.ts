/** Runs an application in Electron and waits for the one line that it prints. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";

/** Electron's executable, as its own package finds it. */
function electronPath(): string {
  const found: unknown = createRequire(import.meta.url)("electron");
  if (typeof found !== "string") throw new Error("The electron package names no executable.");
  return found;
}

export interface ElectronRun {
  readonly program: string;
  /** Electron's own files of this run. */
  readonly userData: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Begins the line; what follows it is JSON. */
  readonly mark: string;
  /** The application is ended when it takes longer. */
  readonly timeoutMs: number;
  /** Told of every other line. */
  readonly onLine?: (line: string) => void;
}

/** @throws when the application ends without its line. */
export function runElectron({
  program,
  userData,
  environment,
  mark,
  timeoutMs,
  onLine,
}: ElectronRun): Promise<unknown> {
  // Chromium does not start as root with its sandbox.
  const flags = process.platform === "linux" && process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const child = spawn(electronPath(), [...flags, "--disable-gpu", `--user-data-dir=${userData}`, program], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
    timeout: timeoutMs,
  });
  return new Promise((resolve, reject) => {
    let pending = "";
    let result: string | undefined;
    const onText = (text: string) => {
      const lines = (pending + text).split("\n");
      pending = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith(mark)) result = line.slice(mark.length);
        else onLine?.(line);
      }
    };
    child.stdout.setEncoding("utf8").on("data", onText);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (result === undefined)
        reject(new Error(`The application ended (${String(code ?? signal)}) without a result.`));
      else resolve(JSON.parse(result));
    });
  });
}
