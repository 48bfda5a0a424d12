import { describe, expect, it } from "vitest";
import { run, runOrThrow } from "../../../scripts/support/child.mjs";

const node = (program: string) => [process.execPath, "-e", program];

describe("run", () => {
  it("gives back the exit code and both outputs", async () => {
    const result = await run(node("console.log('out'); console.error('err'); process.exit(3)"));
    expect(result.code).toBe(3);
    expect(result.output).toContain("out");
    expect(result.output).toContain("err");
  });

  it("says which program could not be started", async () => {
    expect(await run(["no-such-program"])).toEqual({
      code: 127,
      output: expect.stringContaining("no-such-program") as string,
    });
  });

  it.skipIf(process.platform === "win32")("counts a signal as shells do", async () => {
    expect((await run(node("process.kill(process.pid, 'SIGKILL')"))).code).toBe(128 + 9);
  });

  it("ends what takes too long", async () => {
    const { code, output } = await run(node("setInterval(() => {}, 1000)"), { timeoutMs: 200 });
    expect(code).not.toBe(0);
    expect(output).toContain("was ended");
  });
});

describe("runOrThrow", () => {
  it("throws the output of what failed", async () => {
    await expect(runOrThrow(node("console.log('the reason'); process.exit(1)"))).rejects.toThrow("the reason");
  });
});
