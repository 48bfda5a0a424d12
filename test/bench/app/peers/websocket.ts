/** A WebSocket from Python to the window; main only tells the window where. */
import type { Peer } from "./peer";
import { firstLine, type PeerProcess, type PeerPython, startPeer } from "./python";

export function websocketPeer(where: PeerPython): Peer {
  let child: PeerProcess | undefined;
  let address = "";
  return {
    start: async () => {
      child = startPeer(where, "websocket_server.py");
      address = await firstLine(child);
    },
    get address() {
      return address;
    },
    close: () => child?.kill(),
  };
}
