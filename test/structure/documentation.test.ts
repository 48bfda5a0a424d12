import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");

const documents = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(path.join(root, file)));

/** The links of a document that lead to other files of the project. */
function linksOf(file: string): string[] {
  // What is code is no link: a regular expression may look like one.
  const text = readFileSync(path.join(root, file), "utf8").replace(/```.*?```|`[^`\n]*`/gs, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^(?:[a-z]+:|#)/.test(link));
}

describe("documentation", () => {
  it.each(documents)("%s links to what exists", (file) => {
    const lost = linksOf(file).filter(
      (link) => !existsSync(path.join(root, path.dirname(file), link.replace(/#.*$/, ""))),
    );
    expect(lost).toEqual([]);
  });

  it("can be found from the README, every page of it", () => {
    const reached = new Set(["README.md"]);
    // A set that grows while it is walked: its new members are walked too.
    for (const file of reached) {
      for (const link of linksOf(file)) {
        const target = path.posix.join(path.posix.dirname(file), link.replace(/#.*$/, ""));
        if (documents.includes(target)) reached.add(target);
      }
    }
    const lost = documents.filter((file) => file.startsWith("docs/") && !reached.has(file));
    expect(lost, "link them in docs/README.md or in the index of their folder").toEqual([]);
  });

  it("describes every npm command", () => {
    const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const readme = readFileSync(path.join(root, "README.md"), "utf8");
    const unnamed = Object.keys(scripts).filter((name) => !readme.includes(name));
    expect(unnamed).toEqual([]);
  });
});
