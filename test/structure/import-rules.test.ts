import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Deliberate violations, made in a copy: rules that nobody has seen fail may be asleep. */

const root = path.resolve(import.meta.dirname, "../..");
const windows = process.platform === "win32";
let copy: string;

beforeAll(() => {
  mkdirSync(path.join(root, ".cache"), { recursive: true });
  copy = mkdtempSync(path.join(root, ".cache", "import-rules-"));
});
afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

function write(file: string, content: string): void {
  const target = path.join(copy, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
}

/** Runs a program to its end, whatever its exit code. */
async function outputOf(program: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      cwd,
      env: { ...process.env, ...env },
      maxBuffer: 1 << 26,
    });
    return stdout;
  } catch (error) {
    if (error instanceof Error && "stdout" in error && error.stdout !== "") return String(error.stdout);
    throw error;
  }
}

describe("dependency-cruiser", () => {
  const violations: [rule: string, file: string, content: string][] = [
    ["room-rpc", "src/rpc/a.ts", 'import "../links/target";'],
    ["room-mirror", "src/mirror/a.ts", 'import "../services/target";'],
    ["room-renderer", "src/renderer/operator/a.ts", 'import "../../main/target";'],
    ["room-main", "src/main/a.ts", 'import "../renderer/shared/target";'],
    ["room-preload", "src/preload/a.ts", 'import "../rpc/target";'],
    ["windows-apart", "src/renderer/operator/b.ts", 'import "../stimulus/target";'],
    ["shared-knows-no-window", "src/renderer/shared/b.ts", 'import "../operator/target";'],
    ["no-cycles", "src/host/a.ts", 'import { b } from "./b"; export const a = (): unknown => b;'],
    ["no-tests-in-production", "src/main/b.ts", 'import "../../test/support/target";'],
    ["neutral-rooms-have-no-runtime", "src/rpc/b.ts", 'import "node:fs";'],
    ["node-in-its-processes-only", "src/renderer/operator/c.ts", 'import "node:fs";'],
    ["electron-in-its-processes-only", "src/links/b.ts", 'import { app } from "electron"; export const a = app;'],
    ["no-contract-in-links-and-preload", "src/links/c.ts", 'import "../../gen/ts/target";'],
    ["rpc-stands-on-protobuf-alone", "src/rpc/c.ts", 'import "react";'],
    ["protovalidate-in-one-file", "src/rpc/d.ts", 'import "@bufbuild/protovalidate";'],
    ["no-react-in-the-mirror", "src/mirror/b.ts", 'import "react";'],
  ];
  const targets = [
    "src/links",
    "src/services",
    "src/main",
    "src/renderer/shared",
    "src/rpc",
    "src/renderer/stimulus",
    "src/renderer/operator",
  ];

  it("reports each deliberate violation under the rule that is meant for it", async () => {
    for (const folder of [...targets, "test/support", "gen/ts"])
      write(`${folder}/target.ts`, "export const target = 1;");
    write("src/host/b.ts", 'import { a } from "./a"; export const b = (): unknown => a;');
    for (const [, file, content] of violations) write(file, content);
    for (const file of [".dependency-cruiser.cjs", "tsconfig.base.json", "test/tsconfig.json", "package.json"]) {
      mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
      cpSync(path.join(root, file), path.join(copy, file));
    }
    symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"), "junction");
    const cruiser = path.join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
    const args = [cruiser, "--config", ".dependency-cruiser.cjs", "--output-type", "json", "src"];
    const report = JSON.parse(await outputOf(process.execPath, args, copy)) as {
      summary: { violations: { from: string; rule: { name: string } }[] };
    };
    const found = report.summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`);
    for (const [rule, file] of violations) expect(found).toContain(`${rule}: ${file}`);
  }, 60_000);
});

describe("the compiler", () => {
  const errorsIn = (room: string, source: string): string[] => {
    const folder = path.join(root, "src", room);
    const settings = ts.readConfigFile(path.join(folder, "tsconfig.json"), (name) => ts.sys.readFile(name));
    const { options } = ts.parseJsonConfigFileContent(settings.config, ts.sys, folder);
    const file = path.join(copy, room, "violation.ts");
    write(path.join(room, "violation.ts"), source);
    const program = ts.createProgram([file, path.join(root, "src/neutral-globals.d.ts")], {
      ...options,
      composite: false,
      incremental: false,
      noEmit: true,
      rootDir: root,
    });
    return ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
  };

  it.each(["rpc", "links", "services", "mirror"])("keeps the DOM and Node out of %s", (room) => {
    expect(errorsIn(room, "export const a = document;")).toEqual([expect.stringContaining("'document'")]);
    expect(errorsIn(room, "export const a = process.pid;")).toEqual([expect.stringContaining("'process'")]);
    expect(errorsIn(room, "export const a = new AbortController().signal;")).toEqual([]);
  });

  it.each(["host", "main"])("keeps the DOM out of %s", (room) => {
    expect(errorsIn(room, "export const a = document;").join()).toContain("'document'");
  });
});

describe("import-linter", () => {
  const lint = async (file: string, content: string): Promise<string> => {
    rmSync(path.join(copy, "python"), { recursive: true, force: true });
    cpSync(path.join(root, "python/src"), path.join(copy, "python/src"), { recursive: true });
    cpSync(path.join(root, "python/pyproject.toml"), path.join(copy, "python/pyproject.toml"));
    write(`python/src/macroscope_worker/${file}`, content);
    const program = path.join(root, ".venv", windows ? "Scripts/lint-imports.exe" : "bin/lint-imports");
    const text = await outputOf(program, ["--no-cache"], path.join(copy, "python"), {
      PYTHONPATH: path.join(copy, "python/src"),
    });
    // Long names are broken over lines.
    return text.replace(/\s+/g, " ");
  };

  it("accepts an innocent file", async () => {
    expect(await lint("cameras/innocent.py", "import numpy\n")).toContain("0 broken");
  }, 60_000);

  it.each([
    [
      "a camera that knows a service",
      "cameras/guilty.py",
      "import macroscope_worker.services\n",
      "Each layer imports only those below it BROKEN",
    ],
    [
      "a camera that knows the contract",
      "cameras/guilty.py",
      "import macroscope.camera.v1\n",
      "know nothing of the contract BROKEN",
    ],
    [
      "a recording that knows protobuf",
      "recording/guilty.py",
      "import protobuf\n",
      "know nothing of the contract BROKEN",
    ],
    [
      "a service that uses the test kit",
      "services/guilty.py",
      "import macroscope_worker.testing\n",
      "never imports the test kit BROKEN",
    ],
    ["a folder without a place", "homeless/__init__.py", "", "homeless"],
  ])(
    "reports %s",
    async (_, file, content, message) => {
      expect(await lint(file, content)).toContain(message);
    },
    60_000,
  );
});
