/** A window's connection to the host itself, as a link: frames come from the switchboard and go back through the window's port. */
import { type Link, patchConnection } from "../rpc";

/** One connection of a port. The switchboard owns it; the host's server uses it. */
export class SwitchedLink implements Link {
  onFrame: Link["onFrame"] = undefined;
  onClose: Link["onClose"] = undefined;
  /** Told when the server closed it. */
  onClosed: ((reason: string) => void) | undefined = undefined;
  readonly connection: number;
  readonly #send: (frame: Uint8Array) => void;
  #open = true;

  /**
   * @param connection - its number on the port.
   * @param send - passes a finished frame to the port.
   */
  constructor(connection: number, send: (frame: Uint8Array) => void) {
    this.connection = connection;
    this.#send = send;
  }

  send(frame: Uint8Array): void {
    if (!this.#open) return;
    patchConnection(frame, this.connection);
    this.#send(frame);
  }

  close(reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.onClosed?.(reason);
  }

  /** A frame came from the window. */
  deliver(frame: Uint8Array): void {
    if (this.#open) this.onFrame?.(frame);
  }

  /** The window is gone. */
  end(reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.onClose?.(reason);
  }
}
