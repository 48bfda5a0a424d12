import { createServer, type Server, type Socket } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dialWorker } from "../../src/host/worker-socket";
import { encodeFrame, writeLinkFrame } from "../../src/rpc";

const token = "t".repeat(64);
let folder: string;
let endpoint: string;
let server: Server;
let accepted: Socket | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "macroscope-socket-"));
  endpoint = process.platform === "win32" ? `\\\\.\\pipe\\${path.basename(folder)}` : path.join(folder, "s");
  server = createServer((socket) => {
    accepted = socket;
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write(writeLinkFrame({ case: "authenticated", value: { pid: 7, epoch: 3n } }));
      // A worker that stands still from now on.
      socket.pause();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(endpoint, resolve);
  });
});
afterEach(async () => {
  accepted?.destroy();
  server.close();
  await rm(folder, { recursive: true });
});

test("knows who is at the other end", async () => {
  const { pid, epoch, link, closed } = await dialWorker({ pid: 1, endpoint, token }, AbortSignal.timeout(5000));
  expect([pid, epoch]).toEqual([7, 3n]);
  link.close("over");
  await closed;
});

test("a link that is closed ends, also when the worker no longer reads what was sent", async () => {
  const { link, closed } = await dialWorker({ pid: 1, endpoint, token }, AbortSignal.timeout(5000));
  for (let index = 0; index < 8; index += 1) link.send(encodeFrame(2, 1, new Uint8Array(1_048_576)));
  link.close("over");
  await closed;
});

test("gives up when the signal says so", async () => {
  const abort = new AbortController();
  abort.abort(new Error("no longer wanted"));
  await expect(dialWorker({ pid: 1, endpoint, token }, abort.signal)).rejects.toThrow("no longer wanted");
});
