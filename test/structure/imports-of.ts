import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const endings = ["", ".ts", ".tsx", "/index.ts"];

const isFile = (file: string) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

/** The TypeScript files that a file imports by relative paths. */
function directImports(file: string): string[] {
  return ts.preProcessFile(readFileSync(file, "utf8")).importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith(".")) return [];
    const target = path.resolve(path.dirname(file), fileName);
    const found = endings.map((ending) => target + ending).find(isFile);
    return found !== undefined && /\.tsx?$/.test(found) ? [found] : [];
  });
}

/** All TypeScript files that a file imports, directly or through others. */
export function importsOf(start: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [start];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    for (const target of directImports(file)) {
      if (reached.has(target)) continue;
      reached.add(target);
      waiting.push(target);
    }
  }
  return reached;
}
