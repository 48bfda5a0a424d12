/** Main's own server: windows reach it as "main" through the host's switch, over a port that each host is given. */
import { randomUUID } from "node:crypto";
import { MessageChannelMain, type MessagePortMain } from "electron";
import { WindowService } from "../../gen/ts/macroscope/window/v1/window_pb";
import { messagePortLink } from "../links";
import { CallLog, createMultiplexer, createServer, protovalidator, type Server, streamingMethods } from "../rpc";
import { type WindowKeeper, windowService, type WindowTools } from "../services/windows/window-service";

/** The server, without a way to it yet. @param version - of the program. */
export function makeMainServer(version: string, keeper: WindowKeeper, tools: WindowTools): Server {
  const { onCall, onBehind } = new CallLog({
    write: (line) => {
      console.warn(JSON.stringify({ time: new Date().toISOString(), logger: "main", ...line }));
    },
    isStream: streamingMethods([WindowService]),
  });
  const server = createServer({
    build: `macroscope-main ${version}`,
    session: randomUUID(),
    epoch: BigInt(Date.now()) * 1_000_000n,
    validator: protovalidator(),
    onCall,
    onBehind,
  });
  return server.register(WindowService, windowService(keeper, tools));
}

/** A port for a new host: what comes over it, the server accepts, with the role that the host's switch says, which has it from main. */
export function portTo(server: Server): MessagePortMain {
  const { port1, port2 } = new MessageChannelMain();
  createMultiplexer(messagePortLink(port1), {
    accept: ({ role, label }, link) => {
      server.accept(link, { role, label });
    },
  });
  return port2;
}
