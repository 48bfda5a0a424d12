import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { importsOf } from "./imports-of";
import { TESTED_TOGETHER } from "./untested";

const root = path.resolve(import.meta.dirname, "../..");

const filesIn = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => path.posix.join(folder, name.split(path.sep).join("/")))
    .sort();

/** Whether anything is left of a TypeScript file at run time, other than passing on what other files export. */
function hasCode(file: string): boolean {
  const { outputText } = ts.transpileModule(readFileSync(path.join(root, file), "utf8"), {
    fileName: file,
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, jsx: ts.JsxEmit.Preserve },
  });
  const { statements } = ts.createSourceFile(file, outputText, ts.ScriptTarget.ESNext);
  return statements.some((statement) => !ts.isExportDeclaration(statement) && !ts.isImportDeclaration(statement));
}

/** The Python files in which something is done: a function with more in it than its docstring. */
function pythonFilesWithCode(files: string[]): string[] {
  const program = path.join(root, ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const judge = path.join(import.meta.dirname, "python_files_with_code.py");
  const output = execFileSync(program, [judge], { cwd: root, input: files.join("\n"), encoding: "utf8" });
  return output.split(/\r?\n/).filter(Boolean);
}

/** The tests that may stand for a source file: its mirror image. */
function mirrorsOf(file: string): string[] {
  if (file.startsWith("src/")) {
    const stem = file.replace(/^src\//, "test/").replace(/\.tsx?$/, "");
    return [`${stem}.test.ts`, `${stem}.test.tsx`];
  }
  const inPackage = path.posix.relative("python/src/macroscope_worker", file);
  const stem = path.posix.basename(inPackage, ".py").replace(/^_+|_+$/g, "");
  return [path.posix.join("python/tests", path.posix.dirname(inPackage), `test_${stem}.py`)];
}

const isMirrored = (file: string) => mirrorsOf(file).some((test) => existsSync(path.join(root, test)));

const sources = [
  ...filesIn("src").filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts") && hasCode(file)),
  ...pythonFilesWithCode(filesIn("python/src/macroscope_worker").filter((file) => /(?<!__init__)\.py$/.test(file))),
];

const together = Object.values(TESTED_TOGETHER).flat();

describe("tests mirror the source", () => {
  it("finds the sources of both languages", () => {
    expect(sources.filter((file) => file.endsWith(".ts")).length).toBeGreaterThan(20);
    expect(sources.filter((file) => file.endsWith(".py")).length).toBeGreaterThan(20);
  });

  it("has a test for every source file, or says with which others it is tested", () => {
    const missing = sources
      .filter((file) => !isMirrored(file) && !together.includes(file))
      .map((file) => `${file} → ${mirrorsOf(file)[0]}`);
    expect(missing, "write these tests, or name in test/structure/untested.ts where they are tested").toEqual([]);
  });

  it("lists no exception that is not needed", () => {
    const needless = together.filter((file) => !sources.includes(file) || isMirrored(file));
    expect(needless, "take these out of test/structure/untested.ts").toEqual([]);
  });

  it.each(Object.entries(TESTED_TOGETHER))("%s tests what is listed under it", (test, files) => {
    expect(existsSync(path.join(root, test))).toBe(true);
    // Other tests reach what they test through a process, or are Python's.
    if (!/\.test\.tsx?$/.test(test)) return;
    const reached = importsOf(path.join(root, test));
    expect(files.filter((file) => !reached.has(path.join(root, file)))).toEqual([]);
  });
});
