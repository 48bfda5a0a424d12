/** TypeScript's end of the WebSocket against the real worker's: Node has the same WebSocket as browsers, but for the origin. */
import { Code } from "@connectrpc/connect";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CameraService } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { ProcessLauncher } from "../../src/host/process-launcher";
import type { RunningWorker } from "../../src/host/worker-supervisor";
import { dialWebSocket, SUBPROTOCOL } from "../../src/links";
import { findPython } from "../../src/main/python-environment";
import { createChannel, createClient, createMultiplexer } from "../../src/rpc";
import type { Channel } from "../../src/rpc";

const root = path.join(import.meta.dirname, "../..");

interface Door {
  readonly address: string;
  readonly operator_token: string;
  readonly viewer_token: string;
}

let folder: string;
let worker: RunningWorker;
let door: Door;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "macroscope-websocket-"));
  const launcher = new ProcessLauncher({
    python: findPython(root, process.env, process.platform),
    workerArguments: [
      ...["--recordings-directory", path.join(folder, "recordings"), "--linger-s", "0"],
      ...["--websocket-port", "0"],
    ],
    runtimeDirectory: path.join(folder, "run"),
    logDirectory: path.join(folder, "logs"),
  });
  worker = await launcher.start(false);
  door = JSON.parse(await readFile(path.join(folder, "run/websocket.json"), "utf8")) as Door;
});

afterAll(async () => {
  process.kill(worker.pid, "SIGTERM");
  await worker.lost;
  await rm(folder, { recursive: true, force: true });
});

const dial = (token: string) => dialWebSocket(() => new WebSocket(door.address, SUBPROTOCOL), token);

async function withChannel(token: string, use: (channel: Channel) => Promise<void>): Promise<void> {
  const multiplexer = createMultiplexer(await dial(token));
  const asked = { label: "test", role: Role.OPERATOR };
  const channel = createChannel({ dial: () => multiplexer.open({ target: "", ...asked }), ...asked, build: "test" });
  try {
    await use(channel);
  } finally {
    channel.close();
    multiplexer.close("The test is over.");
  }
}

describe("the worker's WebSocket", () => {
  it("carries calls and streams", async () => {
    await withChannel(door.operator_token, async ({ transport }) => {
      const client = createClient(DiagnosticsService, transport);
      const payload = new Uint8Array(60_000).fill(7);
      expect((await client.echo({ payload })).payload).toEqual(payload);
      const blocks: number[] = [];
      for await (const { block } of client.flood({ messageBytes: 1_048_576, messages: 20 })) {
        expect(block.byteOffset % 16).toBe(0);
        blocks.push(block.length);
      }
      expect(blocks).toEqual(Array.from({ length: 20 }, () => 1_048_576));
    });
  });

  it("gives the role of the token, whatever is asked for", async () => {
    await withChannel(door.viewer_token, async (channel) => {
      const client = createClient(CameraService, channel.transport);
      expect((await client.listCameras({})).cameras.length).toBeGreaterThan(0);
      expect(channel.state.server?.role).toBe(Role.VIEWER);
      await expect(client.selectCamera({ cameraId: "simulated:cortex" })).rejects.toMatchObject({
        code: Code.PermissionDenied,
      });
    });
  });

  it("does not take another token", async () => {
    await expect(dial("f".repeat(64))).rejects.toMatchObject({ code: Code.Unauthenticated });
  });
});
