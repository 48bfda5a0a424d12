// `npm run format`: puts everything into the form that the checks ask for.
import { runOrThrow } from "./support/child.mjs";
import { inProject, npmProgram, venvProgram } from "./support/project.mjs";
import { setUpOrExit } from "./setup.mjs";

await setUpOrExit({ build: false });
await runOrThrow([...npmProgram("prettier"), "--write", "--log-level", "warn", "."], { show: true });
await runOrThrow([...npmProgram("@bufbuild/buf", "buf"), "format", "proto", "--write"], { show: true });
await runOrThrow([venvProgram("ruff"), "check", "--fix-only", "--quiet", "."], {
  cwd: inProject("python"),
  show: true,
});
await runOrThrow([venvProgram("ruff"), "format", "."], { cwd: inProject("python"), show: true });
