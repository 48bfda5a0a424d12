/** The links that there are, held to what every link keeps to. */
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { MessageChannel as NodeMessageChannel } from "node:worker_threads";
import { byteStreamLink, messagePortLink } from "../../src/links";
import { createLinkPair } from "../../src/rpc";
import { describeLinkContract } from "./link-contract";

describeLinkContract("a pair in memory", { make: () => createLinkPair() });

describeLinkContract("a message port", {
  make: () => {
    const { port1, port2 } = new NodeMessageChannel();
    return [messagePortLink(port1), messagePortLink(port2)] as const;
  },
});

const listeners: Server[] = [];

describeLinkContract("a byte stream", {
  make: async () => {
    const accepted = Promise.withResolvers<Socket>();
    const listener = createServer(accepted.resolve);
    listeners.push(listener);
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const near = connect({ host: "127.0.0.1", port: (listener.address() as AddressInfo).port });
    return [streamLink(near), streamLink(await accepted.promise)] as const;
  },
  cleanUp: () => {
    for (const listener of listeners.splice(0)) listener.close();
  },
});

function streamLink(socket: Socket) {
  let failure: Error | undefined;
  socket.on("error", (error) => (failure = error));
  return byteStreamLink({
    write: (chunk) => socket.write(chunk),
    onDrain: (listener) => socket.on("drain", listener),
    onData: (listener) => socket.on("data", listener),
    onClose: (listener) => socket.on("close", () => listener(failure)),
    destroy: (afterWrites) => (afterWrites === true ? socket.destroySoon() : socket.destroy()),
  });
}
