/** Frames in a mapped file: Python writes one into a slot and says so over a socket, main tells the window, which fetches it from main. */
import { closeSync, openSync, readSync } from "node:fs";
import { connect, type Socket } from "node:net";
import type { BenchWindow } from "../stage";
import type { Peer } from "./peer";
import { firstLine, type PeerProcess, type PeerPython, startPeer } from "./python";

const SLOTS = 4;

export function fileMappingPeer(where: PeerPython, frameBytes: number): Peer {
  let child: PeerProcess | undefined;
  let socket: Socket | undefined;
  let file: number | undefined;
  return {
    start: async (page: BenchWindow) => {
      child = startPeer(where, "file_mapping.py", [String(frameBytes), String(SLOTS)]);
      const { endpoint, mapped } = JSON.parse(await firstLine(child)) as { endpoint: string; mapped: string };
      file = openSync(mapped, "r");
      socket = connect(endpoint);
      // Each byte is the number of a slot that holds a new frame.
      socket.on("data", (slots) => {
        for (const slot of slots) page.window.webContents.send("peer:mapped", slot);
      });
    },
    stream: ({ messages }) => {
      const request = Buffer.alloc(4);
      request.writeUInt32LE(messages);
      socket?.write(request);
    },
    fetch: (slot) => {
      const frame = Buffer.allocUnsafeSlow(frameBytes);
      readSync(file ?? -1, frame, 0, frameBytes, slot * frameBytes);
      return frame;
    },
    taken: (slot) => {
      socket?.write(Uint8Array.of(slot));
    },
    close: () => {
      socket?.destroy();
      if (file !== undefined) closeSync(file);
      child?.kill();
    },
  };
}
