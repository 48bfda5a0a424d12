/** Links over a socket with a path, for the programs of these tests. */
import { connect, createServer, type Server, type Socket } from "node:net";
import { byteStreamLink } from "../../src/links";
import type { Link } from "../../src/rpc";

/** Dials a path; resolves when somebody listens there. */
export function dialSocket(path: string): Promise<Link> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(linkOver(socket));
    });
  });
}

/** Listens at a path; resolves when diallers may come. */
export function listenAt(path: string, onLink: (link: Link) => void): Promise<Server> {
  const server = createServer((socket) => onLink(linkOver(socket)));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => resolve(server));
  });
}

function linkOver(socket: Socket): Link {
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
