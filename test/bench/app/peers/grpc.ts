/** gRPC: grpcio serves, grpc-js in main is the client, and main posts frames to the window's port. */
import { Client, type ClientDuplexStream, credentials } from "@grpc/grpc-js";
import type { Peer } from "./peer";
import { firstLine, type PeerProcess, type PeerPython, startPeer } from "./python";

/** Bytes as they are: no message is encoded or decoded, which is the best that gRPC can do. */
const asTheyAre = (bytes: Buffer) => bytes;

export function grpcPeer(where: PeerPython): Peer {
  let child: PeerProcess | undefined;
  let client: Client | undefined;
  let call: ClientDuplexStream<Buffer, Buffer> | undefined;
  let onFrame: (frame: Buffer) => void = () => undefined;
  return {
    start: async (page) => {
      child = startPeer(where, "grpc_server.py");
      const endpoint = await firstLine(child);
      client = new Client(endpoint, credentials.createInsecure(), {
        "grpc.max_receive_message_length": -1,
        "grpc.max_send_message_length": -1,
        // Measured: with HTTP/2's default of 64 KiB it is several times slower.
        "grpc-node.flow_control_window": 16 * 1024 * 1024,
      });
      onFrame = (frame) => {
        page.peerPort.postMessage(frame);
      };
      page.peerPort.on("message", () => call?.write(Buffer.from("t")));
      page.peerPort.start();
    },
    // Python streams; the window's word for each frame goes back in the request's stream.
    stream: ({ messages, bytes, inFlight }) => {
      if (!client) throw new Error("gRPC was not started");
      call = client.makeBidiStreamRequest("/bench.Frames/Stream", asTheyAre, asTheyAre);
      call.on("data", onFrame);
      call.on("error", (error) => {
        console.error(error);
      });
      call.write(Buffer.from(JSON.stringify({ messages, bytes, inFlight })));
    },
    echo: (payload) =>
      new Promise((resolve, reject) => {
        const request = Buffer.from(payload as Uint8Array);
        client?.makeUnaryRequest("/bench.Frames/Echo", asTheyAre, asTheyAre, request, (error, answer) => {
          if (error) reject(error);
          else resolve(answer);
        });
      }),
    close: () => {
      client?.close();
      child?.kill();
    },
  };
}
