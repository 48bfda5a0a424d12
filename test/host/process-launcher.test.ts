import { createServer, type Server, type Socket } from "node:net";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ProcessLauncher } from "../../src/host/process-launcher";
import { RECORD_NAME } from "../../src/host/worker-record";

let folder: string;
let server: Server | undefined;
const sockets: Socket[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "macroscope-launcher-"));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

/** Leaves a record and, when asked, somebody who listens behind it. */
async function leaveWorker(onSocket?: (socket: Socket) => void): Promise<string> {
  const endpoint = process.platform === "win32" ? `\\\\.\\pipe\\${path.basename(folder)}` : path.join(folder, "s");
  if (onSocket) {
    const listening = createServer((socket) => {
      sockets.push(socket);
      onSocket(socket);
    });
    server = listening;
    await new Promise<void>((resolve) => {
      listening.listen(endpoint, resolve);
    });
  }
  const record = path.join(folder, RECORD_NAME);
  await writeFile(record, JSON.stringify({ pid: 4711, endpoint, token: "t".repeat(64) }));
  return record;
}

function launcher(findTimeoutMs?: number): ProcessLauncher {
  const settings = { python: "python", workerArguments: [], runtimeDirectory: folder, logDirectory: folder };
  return new ProcessLauncher(settings, findTimeoutMs);
}

test("forgets a worker that did not clean up", async () => {
  const record = await leaveWorker();
  expect(await launcher().find()).toBeUndefined();
  await expect(access(record)).rejects.toThrow();
});

test("forgets a record whose token nobody takes", async () => {
  const record = await leaveWorker((socket) => socket.destroy());
  expect(await launcher().find()).toBeUndefined();
  await expect(access(record)).rejects.toThrow();
});

test("does not pass over a worker that is there but does not answer: it may be recording", async () => {
  const record = await leaveWorker(() => undefined);
  await expect(launcher(50).find()).rejects.toThrow("process 4711 is there but does not answer");
  // The next attempt finds it, once it answers again.
  await access(record);
});
