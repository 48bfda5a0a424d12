import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Code } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type SaveDialog, TextFiles } from "../../src/main/text-file";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "macroscope-text-"));
});
afterEach(() => rm(folder, { recursive: true }));

type Answer = Awaited<ReturnType<SaveDialog["showSaveDialog"]>>;

function makeFiles(answer: (options: Parameters<SaveDialog["showSaveDialog"]>[0]) => Promise<Answer> | Answer) {
  const showSaveDialog = vi.fn<SaveDialog["showSaveDialog"]>(async (options) => answer(options));
  return { files: new TextFiles({ showSaveDialog }, folder), showSaveDialog };
}

const signal = new AbortController().signal;

describe("TextFiles", () => {
  test("asks where to, suggests a name and its kind, and writes there", async () => {
    const { files, showSaveDialog } = makeFiles(({ defaultPath }) => ({ canceled: false, filePath: defaultPath }));
    const file = path.join(folder, "preset 1.json");
    expect(await files.save("preset 1.json", '{"µ": 1}', signal)).toBe(file);
    expect(await readFile(file, "utf8")).toBe('{"µ": 1}');
    expect(showSaveDialog.mock.calls[0]?.[0].filters[0]).toEqual({ name: "JSON files", extensions: ["json"] });
  });

  test("writes nothing when somebody changed their mind", async () => {
    const { files } = makeFiles(() => ({ canceled: true, filePath: "" }));
    expect(await files.save("preset", "text", signal)).toBe("");
    expect(await readdir(folder)).toEqual([]);
  });

  test("writes nothing when whoever asked waits no more", async () => {
    const abort = new AbortController();
    const { files } = makeFiles(({ defaultPath }) => {
      abort.abort();
      return { canceled: false, filePath: defaultPath };
    });
    expect(await files.save("preset.json", "text", abort.signal)).toBe("");
    expect(await readdir(folder)).toEqual([]);
  });

  test("asks one question at a time", async () => {
    let answer: (answer: Answer) => void = () => undefined;
    const { files } = makeFiles(() => new Promise((resolve) => (answer = resolve)));
    const first = files.save("a", "text", signal);
    await expect(files.save("b", "text", signal)).rejects.toMatchObject({ code: Code.FailedPrecondition });
    answer({ canceled: true, filePath: "" });
    expect(await first).toBe("");
    const next = files.save("c", "text", signal);
    answer({ canceled: true, filePath: "" });
    expect(await next).toBe("");
  });

  test("says what the disk said", async () => {
    const { files } = makeFiles(() => ({ canceled: false, filePath: path.join(folder, "no", "such", "folder.txt") }));
    await expect(files.save("a.txt", "text", signal)).rejects.toMatchObject({
      code: Code.NotFound,
      rawMessage: expect.stringContaining("could not be written") as unknown,
    });
  });
});
