/**
 * Connects windows to the worker and to the host's own services.
 *
 * The host is a switch and not a proxy: of a frame it reads the header, writes the other side's connection number into it, and passes it on. What is
 * inside is between the two ends, so credits, deadlines and validation are theirs. The switch adds what only it knows: each connection's role.
 */
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { WorkerAbsentSchema, type WorkerProcess } from "../../gen/ts/macroscope/application/v1/application_pb";
import type { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { createMultiplexer, type Link, type Multiplexer, PROTOCOL, splice } from "../rpc";

/** A window needs two, one to the worker and one to the host; the rest is room for those that are about to end. */
export const MOST_CONNECTIONS_PER_WINDOW = PROTOCOL.maxConnections;

/** What a window may do, as main said when it handed the port over. What a window says of itself is not believed. */
export interface WindowIdentity {
  readonly role: Role;
  readonly label: string;
}

/** The host's own server; takes connections with target "host". */
export interface LocalServer {
  accept(link: Link, peer: WindowIdentity): unknown;
}

/** The switch. Links are given to it and are its own from then on. */
export class Switchboard {
  readonly #server: LocalServer;
  readonly #workerState: () => WorkerProcess;
  #worker: Multiplexer | undefined;

  /**
   * @param server - serves connections to "host".
   * @param workerState - goes as a detail into the answer to those who ask for an absent worker.
   */
  constructor(server: LocalServer, workerState: () => WorkerProcess) {
    this.#server = server;
    this.#workerState = workerState;
  }

  /** Takes a window's port. `onClosed` is told when it has closed. */
  attachWindow(port: Link, identity: WindowIdentity, onClosed: () => void = () => undefined): void {
    createMultiplexer(port, {
      maxConnections: MOST_CONNECTIONS_PER_WINDOW,
      onClose: onClosed,
      accept: ({ target }, link) => {
        this.#connect(target, link, identity);
      },
    });
  }

  /** Takes an authenticated link to a worker, in place of any before. */
  attachWorker(link: Link): void {
    this.detachWorker();
    this.#worker = createMultiplexer(link);
  }

  /** The worker is gone: ends every connection to it, and says why to whoever had one. */
  detachWorker(): void {
    this.#worker?.close(this.#absence());
    this.#worker = undefined;
  }

  #connect(target: string, link: Link, { role, label }: WindowIdentity): void {
    if (target === "host") this.#server.accept(link, { role, label });
    else if (target !== "worker") {
      link.close(new ConnectError(`There is no "${target}" here; there are "host" and "worker".`, Code.NotFound));
    } else if (this.#worker) splice(link, this.#worker.open({ target: "", role, label }));
    else link.close(this.#absence());
  }

  #absence(): ConnectError {
    const worker = this.#workerState();
    const detail = { desc: WorkerAbsentSchema, value: create(WorkerAbsentSchema, { worker }) };
    return new ConnectError(worker.reason || "The worker is not running yet.", Code.Unavailable, undefined, [detail]);
  }
}
