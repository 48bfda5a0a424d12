/**
 * Connects windows to the worker and to the host's own services, frame by frame.
 *
 * The host is a switch and not a proxy: it reads a frame's header, writes the other side's connection number into it, and passes it on. What is
 * inside is between the two ends, so credits, deadlines and validation are theirs. The switch adds what only it knows: each connection's role.
 */
import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import {
  WorkerAbsentSchema,
  type WorkerProcess,
} from "../../gen/ts/macroscope/application/v1/application_pb";
import { Code } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import type {
  ConnectionOpen,
  LinkEnvelope,
} from "../../gen/ts/macroscope/rpc/v1/link_pb";
import type { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import {
  checkFrame,
  FrameError,
  type Link,
  type LinkControl,
  patchConnection,
  PROTOCOL,
  readConnection,
  readLinkFrame,
  writeLinkFrame,
} from "../rpc";
import { SwitchedLink } from "./switched-link";

/** What a window may do, as main said when it handed the port over. */
export interface WindowIdentity {
  readonly role: Role;
  readonly label: string;
}

/** The host's own server; takes connections with target "host". */
export interface LocalServer {
  accept(link: Link, peer: WindowIdentity): void;
}

/** The other end of a window's connection. */
type Route =
  | { readonly to: "worker"; readonly connection: number }
  | { readonly to: "host"; readonly link: SwitchedLink };

/** One window's port and its connections. */
interface WindowSide {
  readonly link: Link;
  readonly identity: WindowIdentity;
  readonly routes: Map<number, Route>;
}

/** Where frames of a worker connection go. */
interface WorkerRoute {
  readonly window: WindowSide;
  readonly connection: number;
}

/** What the worker's link needs beyond a link: its frames' buffers are used again. */
export interface WorkerLink extends Link {
  /** The frame has been passed on; its buffer may be filled anew. */
  recycle?(frame: Uint8Array): void;
}

/** The switch. Links are given to it and are its own from then on. */
export class Switchboard {
  readonly #server: LocalServer;
  readonly #workerState: () => WorkerProcess;
  readonly #windows = new Set<WindowSide>();
  readonly #workerRoutes = new Map<number, WorkerRoute>();
  #worker: WorkerLink | undefined;
  #lastWorkerConnection = 0;

  /**
   * @param server - serves connections to "host".
   * @param workerState - goes as a detail into the answer to those who ask for an absent worker.
   */
  constructor(server: LocalServer, workerState: () => WorkerProcess) {
    this.#server = server;
    this.#workerState = workerState;
  }

  /** How many connections are switched to the worker. */
  get workerConnections(): number {
    return this.#workerRoutes.size;
  }

  /** Takes a window's port. */
  attachWindow(link: Link, identity: WindowIdentity): void {
    const window: WindowSide = { link, identity, routes: new Map() };
    this.#windows.add(window);
    link.onClose = () => {
      this.#dropWindow(window, "the window is gone");
    };
    link.onFrame = (frame) => {
      this.#fromWindow(window, frame);
    };
  }

  /** Takes an authenticated link to a worker, in place of any before. */
  attachWorker(link: WorkerLink): void {
    this.detachWorker();
    this.#worker = link;
    link.onFrame = (frame) => {
      this.#fromWorker(link, frame);
    };
  }

  /** The worker is gone: ends every connection to it. */
  detachWorker(): void {
    this.#worker = undefined;
    const routes = [...this.#workerRoutes.values()];
    this.#workerRoutes.clear();
    for (const { window, connection } of routes) {
      window.routes.delete(connection);
      this.#refuse(window, connection);
    }
  }

  #fromWindow(window: WindowSide, frame: Uint8Array): void {
    try {
      checkFrame(frame, PROTOCOL.maxRequestBytes);
      const connection = readConnection(frame);
      if (connection === 0) {
        this.#control(window, readLinkFrame(frame));
        return;
      }
      const route = window.routes.get(connection);
      if (!route) {
        this.#close(
          window,
          connection,
          Code.NOT_FOUND,
          `There is no connection ${String(connection)} on this port.`,
        );
      } else if (route.to === "host") {
        route.link.deliver(frame);
      } else {
        patchConnection(frame, route.connection);
        this.#worker?.send(frame);
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      // Whoever breaks the framing is out; nothing after it could be trusted.
      window.link.close(error.message);
      this.#dropWindow(window, error.message);
    }
  }

  #control(window: WindowSide, envelope: LinkEnvelope): void {
    const { kind } = envelope;
    if (kind.case === "connectionOpen") this.#open(window, kind.value);
    else if (kind.case === "connectionClose")
      this.#closedByWindow(window, kind.value.connection);
    // A window has nothing to prove to the host: main handed it the port.
  }

  #open(window: WindowSide, { connection, target }: ConnectionOpen): void {
    if (window.routes.has(connection)) {
      this.#close(
        window,
        connection,
        Code.ALREADY_EXISTS,
        `Connection ${String(connection)} is open already.`,
      );
    } else if (target === "host") {
      const link = new SwitchedLink(connection, (frame) => {
        window.link.send(frame);
      });
      link.onClosed = (reason) => {
        if (window.routes.delete(connection))
          this.#close(window, connection, Code.UNAVAILABLE, reason);
      };
      window.routes.set(connection, { to: "host", link });
      this.#server.accept(link, window.identity);
    } else if (target === "worker") {
      this.#openToWorker(window, connection);
    } else {
      this.#close(
        window,
        connection,
        Code.NOT_FOUND,
        `There is no "${target}" here; there are "host" and "worker".`,
      );
    }
  }

  #openToWorker(window: WindowSide, connection: number): void {
    if (!this.#worker) {
      this.#refuse(window, connection);
      return;
    }
    const workerConnection = (this.#lastWorkerConnection += 1);
    window.routes.set(connection, {
      to: "worker",
      connection: workerConnection,
    });
    this.#workerRoutes.set(workerConnection, { window, connection });
    this.#toWorker({
      case: "connectionOpen",
      value: {
        connection: workerConnection,
        role: window.identity.role,
        label: window.identity.label,
      },
    });
  }

  #closedByWindow(window: WindowSide, connection: number): void {
    const route = window.routes.get(connection);
    if (!route) return;
    window.routes.delete(connection);
    this.#endRoute(route, "the window closed the connection");
  }

  #fromWorker(link: WorkerLink, frame: Uint8Array): void {
    const connection = readConnection(frame);
    if (connection === 0) {
      const { kind } = readLinkFrame(frame);
      if (kind.case === "connectionClose")
        this.#closedByWorker(kind.value.connection, kind);
    } else {
      const route = this.#workerRoutes.get(connection);
      // Frames still on their way when the window went are of no use to anybody.
      if (route) {
        patchConnection(frame, route.connection);
        route.window.link.send(frame);
      }
    }
    link.recycle?.(frame);
  }

  #closedByWorker(connection: number, kind: LinkControl): void {
    const route = this.#workerRoutes.get(connection);
    if (!route || kind.case !== "connectionClose") return;
    this.#workerRoutes.delete(connection);
    route.window.routes.delete(route.connection);
    route.window.link.send(
      writeLinkFrame({
        case: "connectionClose",
        value: { ...kind.value, connection: route.connection },
      }),
    );
  }

  #dropWindow(window: WindowSide, reason: string): void {
    if (!this.#windows.delete(window)) return;
    const routes = [...window.routes.values()];
    window.routes.clear();
    for (const route of routes) this.#endRoute(route, reason);
  }

  #endRoute(route: Route, reason: string): void {
    if (route.to === "host") {
      route.link.end(reason);
    } else if (this.#workerRoutes.delete(route.connection)) {
      this.#toWorker({
        case: "connectionClose",
        value: {
          connection: route.connection,
          code: Code.UNAVAILABLE,
          message: reason,
        },
      });
    }
  }

  #toWorker(kind: Parameters<typeof writeLinkFrame>[0]): void {
    this.#worker?.send(writeLinkFrame(kind));
  }

  #refuse(window: WindowSide, connection: number): void {
    const worker = this.#workerState();
    const detail = anyPack(
      WorkerAbsentSchema,
      create(WorkerAbsentSchema, { worker }),
    );
    const message = worker.reason || "The worker is not running yet.";
    window.link.send(
      writeLinkFrame({
        case: "connectionClose",
        value: {
          connection,
          code: Code.UNAVAILABLE,
          message,
          details: [detail],
        },
      }),
    );
  }

  #close(
    window: WindowSide,
    connection: number,
    code: Code,
    message: string,
  ): void {
    window.link.send(
      writeLinkFrame({
        case: "connectionClose",
        value: { connection, code, message },
      }),
    );
  }
}
