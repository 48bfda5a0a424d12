/** Starts the host as a utility process, starts it again if it ends, and passes ports on to it. */
import path from "node:path";
import { type MessagePortMain, type UtilityProcess, utilityProcess } from "electron";
import type { HostMessage, HostSettings, PortClosed } from "../host/host-messages";
import type { PortTaker, WindowIdentity } from "./port-broker";

/** Pause before the host is started again, so that one which cannot start does not take the machine. */
const RESTART_AFTER_MS = 500;

/** The host's process, whichever it is at the moment. */
export class HostProcess implements PortTaker {
  readonly #settings: HostSettings;
  #process: UtilityProcess | undefined;
  #closing = false;
  /** Ports that came while there was no host; the next one gets them. */
  #waiting: (() => void)[] = [];
  #onPortsLost: () => void = () => undefined;
  /** Of ports that the host has or will get: who is told of their end. */
  readonly #onClosed = new Map<number, () => void>();
  #lastPort = 0;
  readonly #makeMainPort: () => MessagePortMain | undefined;

  /** @param makeMainPort - makes the port over which a new host reaches main's own server; asked for each host. */
  constructor(settings: HostSettings, makeMainPort: () => MessagePortMain | undefined = () => undefined) {
    this.#settings = settings;
    this.#makeMainPort = makeMainPort;
    this.#start();
  }

  /** Process id, while it runs. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Gives the host the other end of a window's port; without a host, the next one gets it. */
  takePort(port: MessagePortMain, { role, label }: WindowIdentity, onClosed: () => void): void {
    this.#lastPort += 1;
    const number = this.#lastPort;
    this.#onClosed.set(number, onClosed);
    const pass = () => {
      this.#send({ kind: "window", role, label, port: number }, [port]);
    };
    if (this.#process) pass();
    else this.#waiting.push(pass);
  }

  /** Sets who is told when the host has ended unasked. */
  onPortsLost(listener: () => void): void {
    this.#onPortsLost = listener;
  }

  /** Ends the host. The worker sees its life-line close and ends too, unless it records. */
  close(): void {
    this.#closing = true;
    this.#process?.kill();
  }

  #start(resume = false): void {
    const host = utilityProcess.fork(path.join(__dirname, "host.cjs"), [], {
      serviceName: "Macroscope host",
      stdio: "inherit",
    });
    this.#process = host;
    this.#send({ kind: "settings", settings: this.#settings, resume });
    const mainPort = this.#makeMainPort();
    if (mainPort) this.#send({ kind: "main" }, [mainPort]);
    for (const pass of this.#waiting.splice(0)) pass();
    host.on("message", ({ port }: PortClosed) => {
      this.#portClosed(port);
    });
    host.once("exit", (code) => {
      this.#process = undefined;
      for (const number of [...this.#onClosed.keys()]) this.#portClosed(number);
      if (this.#closing) return;
      console.error(`The host process ended with code ${String(code)}; it is started again.`);
      setTimeout(() => {
        if (!this.#closing) this.#start(true);
      }, RESTART_AFTER_MS);
      this.#onPortsLost();
    });
  }

  #portClosed(number: number): void {
    const onClosed = this.#onClosed.get(number);
    this.#onClosed.delete(number);
    onClosed?.();
  }

  #send(message: HostMessage, ports: MessagePortMain[] = []): void {
    this.#process?.postMessage(message, ports);
  }
}
