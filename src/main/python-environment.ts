/** Where the Python environment of the worker is. */
import path from "node:path";

/** The environment's way to name another Python, for development and tests. */
const PYTHON_VARIABLE = "MACROSCOPE_WORKER_PYTHON";

/**
 * The Python that has the worker's package: the one named by the environment, else the environment beside the program.
 *
 * @param root - the program's folder: the checkout, or the packaged app's resources.
 */
export function findPython(root: string, environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const named = environment[PYTHON_VARIABLE];
  if (named) return named;
  const parts = platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
  return path.join(root, ".venv", ...parts);
}
