/** The bare ends of the bench in the utility process and in the window: postMessage and a socket, nothing of the protocol. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { MessagePortMain } from "electron";

/** What the page asks the bare host for; the answers are bytes. */
export type BareRequest =
  | {
      readonly kind: "hop";
      readonly messages: number;
      readonly bytes: number;
      readonly inFlight: number;
    }
  | {
      readonly kind: "chain";
      readonly messages: number;
      readonly bytes: number;
      readonly inFlight: number;
    }
  | { readonly kind: "ack" }
  | Uint8Array;

const READ_BUFFER_BYTES = 1_048_576;

function header(letter: "E" | "F", first: number, second = 0, third = 0): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.write(letter, 0, "latin1");
  bytes.writeUInt32LE(first, 4);
  bytes.writeUInt32LE(second, 8);
  bytes.writeUInt32LE(third, 12);
  return bytes;
}

/** Starts the bare worker and connects to it. */
export async function startBareWorker(python: string, script: string): Promise<Socket> {
  const directory = await mkdtemp(path.join(tmpdir(), "macroscope-bench-"));
  const endpoint = path.join(directory, "bare.sock");
  const child = spawn(python, [script, endpoint], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const socket = connect({
    path: endpoint,
    onread: {
      buffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES),
      callback: (bytes, buffer) => {
        socket.emit("bench", buffer.subarray(0, bytes));
        return true;
      },
    },
  });
  await once(socket, "connect");
  return socket;
}

/** Serves the bare side of one window's port. */
export function serveBare(port: MessagePortMain, socket: Socket): void {
  let onAck: () => void = () => undefined;

  const hop = (messages: number, bytes: number, inFlight: number) => {
    const block = new Uint8Array(bytes);
    let sent = 0;
    let acknowledged = 0;
    const fill = () => {
      while (sent < messages && sent - acknowledged < inFlight) {
        port.postMessage(block);
        sent += 1;
      }
    };
    onAck = () => {
      acknowledged += 1;
      fill();
    };
    fill();
  };

  const chain = (messages: number, bytes: number, inFlight: number) => {
    // Two buffers in turn: postMessage has copied when it returns.
    const block = new Uint8Array(bytes);
    let filled = 0;
    socket.removeAllListeners("bench");
    socket.on("bench", (chunk: Buffer) => {
      let offset = 0;
      while (offset < chunk.length) {
        const part = Math.min(bytes - filled, chunk.length - offset);
        block.set(chunk.subarray(offset, offset + part), filled);
        filled += part;
        offset += part;
        if (filled === bytes) {
          filled = 0;
          port.postMessage(block);
        }
      }
    });
    onAck = () => {
      socket.write("a");
    };
    socket.write(header("F", messages, bytes, inFlight));
  };

  const echo = (request: Uint8Array) => {
    socket.removeAllListeners("bench");
    socket.on("bench", (chunk: Buffer) => {
      port.postMessage(Uint8Array.from(chunk));
    });
    socket.write(Buffer.concat([header("E", request.length), request]));
  };

  port.on("message", ({ data }: { data: BareRequest }) => {
    if (data instanceof Uint8Array) echo(data);
    else if (data.kind === "ack") onAck();
    else if (data.kind === "hop") hop(data.messages, data.bytes, data.inFlight);
    else chain(data.messages, data.bytes, data.inFlight);
  });
  port.start();
}
