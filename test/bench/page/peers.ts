/** A page as the peers' users would write it: takes frames, says for each that it has come, and calls with 64 bytes. */
import type { PageActions, PeerBridge, PeerName, StreamWork } from "./actions";
import { megabytesPerSecond, timed } from "./rate";

const PAYLOAD = new Uint8Array(64);

declare global {
  interface Window {
    peerBridge: PeerBridge;
  }
}

/** One peer's way to get a stream and to call. */
interface PeerPage {
  /** Begins a stream; `onFrame` is told the length of each frame that is there as bytes. */
  stream(work: StreamWork, onFrame: (bytes: number) => void): Promise<void>;
  echo?(payload: Uint8Array): Promise<unknown>;
}

/** Main posts frames to the window's port; an empty message back for each. */
function grpcPage(port: MessagePort): PeerPage {
  return {
    stream: async (work, onFrame) => {
      port.onmessage = ({ data }: MessageEvent<Uint8Array>) => {
        onFrame(data.length);
        port.postMessage("taken");
      };
      await window.peerBridge.invoke("peer:stream:grpc", work);
    },
    echo: (payload) => window.peerBridge.invoke("peer:echo:grpc", payload),
  };
}

/** Main tells of a frame; the page fetches it. */
const fileMappingPage: PeerPage = {
  stream: async (work, onFrame) => {
    window.peerBridge.on("peer:mapped", (slot) => {
      void window.peerBridge.invoke("peer:fetch:file-mapping", slot).then((frame) => {
        onFrame((frame as Uint8Array).length);
        window.peerBridge.send("peer:taken:file-mapping", slot);
      });
    });
    await window.peerBridge.invoke("peer:stream:file-mapping", work);
  },
};

/** Main passes on objects with the frame in base64. */
const jsonPage: PeerPage = {
  stream: async (work, onFrame) => {
    window.peerBridge.on("peer:json", (message) => {
      const { frame } = message as { readonly frame: string };
      const text = atob(frame);
      const bytes = new Uint8Array(text.length);
      for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
      onFrame(bytes.length);
      window.peerBridge.send("peer:taken:json", 0);
    });
    await window.peerBridge.invoke("peer:stream:json", work);
  },
  echo: (payload) => window.peerBridge.invoke("peer:echo:json", btoa(String.fromCharCode(...payload))),
};

let socket: Promise<WebSocket> | undefined;

function connectSocket(): Promise<WebSocket> {
  socket ??= (async () => {
    const address = (await window.peerBridge.invoke("peer:address:websocket", undefined)) as string;
    const made = new WebSocket(address);
    made.binaryType = "arraybuffer";
    await new Promise((resolve, reject) => {
      made.onopen = resolve;
      made.onerror = () => {
        reject(new Error(`no connection to ${address}`));
      };
    });
    return made;
  })();
  return socket;
}

/** Python sends to the window without anybody between. */
const websocketPage: PeerPage = {
  stream: async (work, onFrame) => {
    const connected = await connectSocket();
    connected.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      onFrame(data.byteLength);
      connected.send("taken");
    };
    connected.send(JSON.stringify(work));
  },
  echo: async (payload) => {
    const connected = await connectSocket();
    return new Promise((resolve) => {
      connected.onmessage = resolve;
      connected.send(new Uint8Array(payload));
    });
  },
};

/** The peers' actions; `port` is one to main. */
export function peerActions(port: MessagePort): Pick<PageActions, "peerStream" | "peerEchoes"> {
  const pages: Readonly<Record<PeerName, PeerPage>> = {
    "file-mapping": fileMappingPage,
    grpc: grpcPage(port),
    json: jsonPage,
    websocket: websocketPage,
  };
  return {
    peerStream: async ({ peer, messages, bytes, inFlight }) => {
      const start = performance.now();
      let received = 0;
      let finished: (rate: number) => void = () => undefined;
      const rate = new Promise<number>((resolve) => {
        finished = resolve;
      });
      await pages[peer].stream({ messages, bytes, inFlight }, (frameBytes) => {
        if (frameBytes !== bytes) throw new Error(`${String(frameBytes)} bytes arrived`);
        received += 1;
        if (received === messages) finished(megabytesPerSecond(messages * bytes, start));
      });
      return rate;
    },
    peerEchoes: ({ peer, calls }) => {
      const { echo } = pages[peer];
      if (!echo) throw new Error(`${peer} has no calls`);
      return timed(calls, () => echo(PAYLOAD));
    },
  };
}
