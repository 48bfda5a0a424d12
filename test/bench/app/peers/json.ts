/** JSON lines over Python's pipes, frames in base64; main passes the objects on to the window. */
import { createInterface } from "node:readline";
import type { Peer } from "./peer";
import { type PeerProcess, type PeerPython, startPeer } from "./python";

interface Line {
  readonly frame?: string;
  readonly answer?: unknown;
}

export function jsonPeer(where: PeerPython): Peer {
  let child: PeerProcess | undefined;
  let onAnswer: (answer: unknown) => void = () => undefined;
  const write = (request: object) => child?.stdin.write(`${JSON.stringify(request)}\n`);
  return {
    start: (page) => {
      child = startPeer(where, "json_lines.py");
      createInterface({ input: child.stdout, crlfDelay: Infinity }).on("line", (text) => {
        const line = JSON.parse(text) as Line;
        if (line.frame === undefined) onAnswer(line.answer);
        else page.window.webContents.send("peer:json", line);
      });
      return Promise.resolve();
    },
    stream: (work) => write(work),
    echo: (payload) =>
      new Promise((resolve) => {
        onAnswer = resolve;
        write({ echo: payload });
      }),
    taken: () => write({ taken: 1 }),
    close: () => child?.kill(),
  };
}
