/** A worker over links in memory, which takes one token. */
import { Code, ConnectError } from "@connectrpc/connect";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { CameraService } from "../../../gen/ts/macroscope/camera/v1/camera_pb";
import { createLinkPair, createMultiplexer, createServer } from "../../../src/rpc";
import type { Link } from "../../../src/rpc";
import { CORTEX, liveState } from "./fake-cameras";

export class FakeWorker {
  token = "t".repeat(64);
  /** Whether anybody is there. */
  present = true;
  role = Role.OPERATOR;
  readonly dialled: { readonly address: string; readonly token: string }[] = [];
  readonly links: Link[] = [];

  readonly #server = createServer({ build: "worker", session: "w", epoch: 5n }).register(CameraService, {
    listCameras: () => ({ cameras: [CORTEX] }),
    watchCamera: async function* (_, { signal }) {
      yield { state: { ...liveState(CORTEX), revision: 1n } };
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  });

  readonly dial = (address: string, token: string): Promise<Link> => {
    this.dialled.push({ address, token });
    if (!this.present) return Promise.reject(new ConnectError("No worker listens there.", Code.Unavailable));
    if (token !== this.token) return Promise.reject(new ConnectError("The token is wrong.", Code.Unauthenticated));
    const [near, far] = createLinkPair();
    this.links.push(near);
    createMultiplexer(far, {
      accept: ({ label }, link) => this.#server.accept(link, { role: this.role, label }),
    });
    return Promise.resolve(near);
  };
}
