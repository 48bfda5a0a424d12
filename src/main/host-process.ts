/** Starts the host as a utility process, starts it again if it ends, and passes ports on to it. */
import path from "node:path";
import { type MessagePortMain, type UtilityProcess, utilityProcess } from "electron";
import type { HostMessage, HostSettings } from "../host/host-messages";
import type { PortTaker, WindowIdentity } from "./port-broker";

/** Pause before the host is started again, so that one which cannot start does not take the machine. */
const RESTART_AFTER_MS = 500;

/** The host's process, whichever it is at the moment. */
export class HostProcess implements PortTaker {
  readonly #settings: HostSettings;
  #process: UtilityProcess | undefined;
  #closing = false;

  constructor(settings: HostSettings) {
    this.#settings = settings;
    this.#start();
  }

  /** Process id, while it runs. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Gives the host the other end of a window's port. Without a host the port is closed, and the window asks again. */
  takePort(port: MessagePortMain, { role, label }: WindowIdentity): void {
    if (!this.#process) {
      port.close();
      return;
    }
    this.#send({ kind: "window", role, label }, [port]);
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
    host.once("exit", (code) => {
      this.#process = undefined;
      if (this.#closing) return;
      console.error(`The host process ended with code ${String(code)}; it is started again.`);
      setTimeout(() => {
        if (!this.#closing) this.#start(true);
      }, RESTART_AFTER_MS);
    });
  }

  #send(message: HostMessage, ports: MessagePortMain[] = []): void {
    this.#process?.postMessage(message, ports);
  }
}
