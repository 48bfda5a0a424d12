import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import {
  type Window,
  WindowKind,
  WindowSchema,
  WindowService,
  type WindowsState,
  WindowsStateSchema,
} from "../../../gen/ts/macroscope/window/v1/window_pb";
import {
  type Channel,
  createChannel,
  createClient,
  createLinkPair,
  createServer,
  protovalidator,
} from "../../../src/rpc";
import { type WindowKeeper, windowService } from "../../../src/services/windows/window-service";

class FakeKeeper implements WindowKeeper {
  state = create(WindowsStateSchema, { revision: 1n });
  readonly listeners = new Set<(state: WindowsState) => void>();
  readonly asked: unknown[] = [];

  subscribe(listener: (state: WindowsState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  open(kind: WindowKind, regionId: string): Window {
    this.asked.push(["open", kind, regionId]);
    return create(WindowSchema, { id: 4, kind, regionId });
  }

  close(id: number, inRun: boolean): void {
    this.asked.push(["close", id, inRun]);
    if (!inRun) throw new ConnectError("A run goes on.", Code.FailedPrecondition);
  }

  focus(id: number): void {
    this.asked.push(["focus", id]);
  }

  chooseStimulusDisplay(displayId: string): void {
    this.state = create(WindowsStateSchema, { revision: this.state.revision + 1n, stimulusDisplayId: displayId });
    for (const listener of this.listeners) listener(this.state);
  }
}

const open: Channel[] = [];
afterEach(() => {
  for (const channel of open.splice(0)) channel.close();
});

function setUp(role = Role.OPERATOR) {
  const keeper = new FakeKeeper();
  const tools = { identifyDisplays: vi.fn(), saveTextFile: vi.fn(() => Promise.resolve("/data/preset.json")) };
  const server = createServer({ build: "main", session: "s", epoch: 1n, validator: protovalidator() });
  server.register(WindowService, windowService(keeper, tools));
  const channel = createChannel({
    dial: () => {
      const [near, far] = createLinkPair();
      server.accept(far, { role, label: "window" });
      return near;
    },
    label: "test",
    role,
    build: "test",
  });
  open.push(channel);
  return { keeper, tools, client: createClient(WindowService, channel.transport) };
}

describe("windowService", () => {
  test("tells of the state now and of each newer one, until nobody listens", async () => {
    const { keeper, client } = setUp();
    const abort = new AbortController();
    const seen: string[] = [];
    const watching = (async () => {
      for await (const { state } of client.watchWindows({}, { signal: abort.signal })) {
        seen.push(`${String(state?.revision)} ${state?.stimulusDisplayId ?? ""}`);
      }
    })();
    await vi.waitFor(() => {
      expect(seen).toEqual(["1 "]);
    });
    const answer = await client.chooseStimulusDisplay({ displayId: "22" });
    expect(answer.state?.stimulusDisplayId).toBe("22");
    await vi.waitFor(() => {
      expect(seen).toEqual(["1 ", "2 22"]);
    });
    abort.abort();
    await expect(watching).rejects.toMatchObject({ code: Code.Canceled });
    await vi.waitFor(() => {
      expect(keeper.listeners.size).toBe(0);
    });
  });

  test("opens, focuses, closes, and passes refusals on", async () => {
    const { keeper, client } = setUp();
    const opened = await client.openWindow({ kind: WindowKind.PREVIEW, regionId: "v1" });
    expect(opened.window).toMatchObject({ id: 4, kind: WindowKind.PREVIEW, regionId: "v1" });
    await client.focusWindow({ id: 4 });
    await client.closeWindow({ id: 4, inRun: true });
    await expect(client.closeWindow({ id: 4 })).rejects.toMatchObject({ code: Code.FailedPrecondition });
    expect(keeper.asked).toEqual([
      ["open", WindowKind.PREVIEW, "v1"],
      ["focus", 4],
      ["close", 4, true],
      ["close", 4, false],
    ]);
  });

  test("shows the displays' numbers, and saves a text with its name", async () => {
    const { tools, client } = setUp();
    await client.identifyDisplays({});
    expect(tools.identifyDisplays).toHaveBeenCalledOnce();
    expect(await client.saveTextFile({ suggestedName: "preset.json", text: "{}" })).toMatchObject({
      path: "/data/preset.json",
    });
    expect(tools.saveTextFile.mock.calls[0]?.slice(0, 2)).toEqual(["preset.json", "{}"]);
  });

  test.each([
    ["a region that could be a path", { kind: WindowKind.PREVIEW, regionId: "../../etc" }],
    ["no kind", { kind: WindowKind.UNSPECIFIED }],
    ["a kind that there is not", { kind: 9 as WindowKind }],
  ])("refuses %s", async (_name, request) => {
    const { keeper, client } = setUp();
    await expect(client.openWindow(request)).rejects.toMatchObject({ code: Code.InvalidArgument });
    expect(keeper.asked).toEqual([]);
  });

  test("refuses a file name that leads elsewhere", async () => {
    const { tools, client } = setUp();
    for (const suggestedName of ["../x.json", "/etc/passwd", "", ".hidden", "a/b"]) {
      await expect(client.saveTextFile({ suggestedName, text: "" })).rejects.toMatchObject({
        code: Code.InvalidArgument,
      });
    }
    expect(tools.saveTextFile).not.toHaveBeenCalled();
  });

  test("a viewer may look, and open nothing", async () => {
    const { client } = setUp(Role.VIEWER);
    await expect(client.openWindow({ kind: WindowKind.PREVIEW })).rejects.toMatchObject({
      code: Code.PermissionDenied,
    });
    for await (const { state } of client.watchWindows({})) {
      expect(state?.revision).toBe(1n);
      break;
    }
  });
});
