/** The other end of a socket, for frames as they are: it keeps no state of the protocol, and may break all its rules. */
import { connect, createServer, type Server, type Socket } from "node:net";

const WITHIN_MS = 4_000;

/** Sends bytes, and hands out the frames that come. */
export class RawPeer {
  readonly #socket: Socket;
  readonly #arrived: Uint8Array[] = [];
  #rest = Buffer.alloc(0);
  #closed = false;
  #wake: () => void = () => undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => this.#onData(chunk));
    // A socket that breaks is one that has closed.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#closed = true;
      this.#wake();
    });
  }

  /** Dials a path. */
  static dial(path: string): Promise<RawPeer> {
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.once("error", reject);
      socket.once("connect", () => resolve(new RawPeer(socket)));
    });
  }

  /** Whether the other end has closed the socket. */
  get closed(): boolean {
    return this.#closed;
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** The next frame; undefined when the socket has closed. Throws when neither comes in time. */
  async next(withinMs = WITHIN_MS): Promise<Uint8Array | undefined> {
    const until = performance.now() + withinMs;
    while (this.#arrived.length === 0 && !this.#closed) {
      const leftMs = until - performance.now();
      if (leftMs <= 0) {
        throw new Error(`Nothing came within ${withinMs} ms.`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#arrived.shift();
  }

  close(): void {
    this.#socket.destroy();
  }

  #onData(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (let length = frameBytes(this.#rest); length <= this.#rest.length; length = frameBytes(this.#rest)) {
      this.#arrived.push(Uint8Array.from(this.#rest.subarray(0, length)));
      this.#rest = this.#rest.subarray(length);
    }
    this.#wake();
  }
}

/** Listens at a path; `onPeer` gets each dialler. */
export function rawServer(path: string, onPeer: (peer: RawPeer) => void): Promise<Server> {
  const server = createServer((socket) => onPeer(new RawPeer(socket)));
  return new Promise((resolve) => server.listen(path, () => resolve(server)));
}

/** Length of the frame that begins here; infinite while its header is not there. */
function frameBytes(bytes: Buffer): number {
  if (bytes.length < 16) {
    return Infinity;
  }
  const envelope = bytes.readUInt32LE(8);
  const tail = bytes.readUInt32LE(12);
  return tail === 0 ? 16 + envelope : Math.ceil((16 + envelope) / 16) * 16 + tail;
}
