import { create } from "@bufbuild/protobuf";
import { afterEach, expect, test, vi } from "vitest";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { WindowService, WindowsStateSchema } from "../../gen/ts/macroscope/window/v1/window_pb";
import { messagePortLink } from "../../src/links";
import { type Channel, createChannel, createClient, createMultiplexer } from "../../src/rpc";

vi.mock("electron", () => ({ MessageChannelMain: MessageChannel }));

const { makeMainServer, portTo } = await import("../../src/main/main-server");

const open: { close: (reason: string) => void }[] = [];
const channels: Channel[] = [];
afterEach(() => {
  for (const channel of channels.splice(0)) channel.close();
  for (const port of open.splice(0)) port.close("The test is over.");
});

test("every host gets a port of its own to the one server, over which its switch says who a window is", async () => {
  const keeper = {
    state: create(WindowsStateSchema, { revision: 7n }),
    subscribe: () => () => undefined,
    open: () => {
      throw new Error("not asked");
    },
    close: () => undefined,
    focus: vi.fn(),
    chooseStimulusDisplay: () => undefined,
  };
  const tools = { identifyDisplays: () => undefined, saveTextFile: () => Promise.resolve("") };
  const server = makeMainServer("0.1.0", keeper, tools);
  for (const role of [Role.OPERATOR, Role.VIEWER]) {
    const port = createMultiplexer(messagePortLink(portTo(server)));
    open.push(port);
    const label = "operator window 1";
    const channel = createChannel({
      dial: () => port.open({ target: "", role, label }),
      label,
      role: Role.HOST,
      build: "test",
    });
    channels.push(channel);
    const client = createClient(WindowService, channel.transport);
    if (role === Role.OPERATOR) await client.focusWindow({ id: 1 });
    else await expect(client.focusWindow({ id: 1 })).rejects.toThrow(/role|operator/i);
    expect(channel.state.server).toMatchObject({ build: "macroscope-main 0.1.0", role });
  }
  expect(keeper.focus).toHaveBeenCalledExactlyOnceWith(1);
});
