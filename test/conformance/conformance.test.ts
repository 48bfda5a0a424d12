import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caseFiles } from "./corpus";
import { judge, observe } from "./judge";
import { gapOf } from "./gaps";
import { ClientProgram, LANGUAGES, ServerProgram } from "./programs";

const folder = mkdtempSync(path.join(tmpdir(), "macroscope-conformance-"));
const socketPath = (language: string) => path.join(folder, `${language}.sock`);
const files = caseFiles();
const servers: ServerProgram[] = [];
const clients = LANGUAGES.map((language) => ({ language, program: new ClientProgram(language) }));
const pairings = LANGUAGES.flatMap((server) => clients.map((client) => ({ client, server })));

beforeAll(async () => {
  clients.forEach(({ program }) => program.start());
  servers.push(...(await Promise.all(LANGUAGES.map((name) => ServerProgram.start(name, socketPath(name))))));
});

afterAll(() => {
  clients.forEach(({ program }) => program.stop());
  servers.forEach((server) => server.stop());
  rmSync(folder, { recursive: true });
});

describe("the corpus", () => {
  it("has enough cases, each with a name of its own", () => {
    const names = files.flatMap(({ category, cases }) => cases.map(({ name }) => `${category}: ${name}`));
    expect(names.length).toBeGreaterThanOrEqual(60);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe.each(pairings)("$client.language client, $server server", ({ client, server }) => {
  describe.each(files)("$category", ({ category, cases }) => {
    for (const conformanceCase of cases) {
      const gap = gapOf({ client: client.language, server, category, name: conformanceCase.name });
      it(conformanceCase.name, async ({ skip }) => {
        skip(gap !== undefined, gap);
        const seen = await observe(conformanceCase, () => client.program.run(socketPath(server), conformanceCase));
        expect(judge(conformanceCase, seen)).toEqual([]);
      });
    }
  });
});
