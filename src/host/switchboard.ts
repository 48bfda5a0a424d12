/**
 * Connects windows to the worker, to main, and to the host's own services.
 *
 * The host is a switch and not a proxy: of a frame it reads the header, writes the other side's connection number into it, and passes it on. What is
 * inside is between the two ends, so credits, deadlines and validation are theirs. The switch adds what only it knows: each connection's role.
 */
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { WorkerAbsentSchema, type WorkerProcess } from "../../gen/ts/macroscope/application/v1/application_pb";
import type { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { createMultiplexer, type Link, type Multiplexer, PROTOCOL, splice } from "../rpc";

/** A window needs three: to the worker, the host and main; the rest is room for those that are about to end. */
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
  #main: Multiplexer | undefined;

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

  /** Takes the link to main's server, which lasts as long as this process. */
  attachMain(link: Link): void {
    this.#main?.close("Another link to main has taken the place of this one.");
    this.#main = createMultiplexer(link);
  }

  #connect(target: string, link: Link, identity: WindowIdentity): void {
    switch (target) {
      case "host":
        this.#server.accept(link, identity);
        return;
      case "worker":
        passOn(link, this.#worker, identity, () => this.#absence());
        return;
      case "main":
        passOn(
          link,
          this.#main,
          identity,
          () => new ConnectError("The program's main process is not reached.", Code.Unavailable),
        );
        return;
      default:
        link.close(
          new ConnectError(`There is no "${target}" here; there are "host", "worker" and "main".`, Code.NotFound),
        );
    }
  }

  #absence(): ConnectError {
    const worker = this.#workerState();
    const detail = { desc: WorkerAbsentSchema, value: create(WorkerAbsentSchema, { worker }) };
    return new ConnectError(worker.reason || "The worker is not running yet.", Code.Unavailable, undefined, [detail]);
  }
}

/** Joins a window's connection to one over `to`, with the role and label that main gave the window. */
function passOn(
  link: Link,
  to: Multiplexer | undefined,
  { role, label }: WindowIdentity,
  absence: () => ConnectError,
): void {
  if (to) splice(link, to.open({ target: "", role, label }));
  else link.close(absence());
}
