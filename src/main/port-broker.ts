/** Hands out ports: one end to a window, the other to the host, with what the window may do. No frame passes main. */
import { MessageChannelMain, type MessagePortMain, type WebContents } from "electron";
import { PORT_ANSWER, PORT_LOST, PORT_REQUEST } from "../links/port-handshake";
import type { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { onVettedMessage, type PageCheck } from "./vetted-ipc";

/** What main knows about a window and its page cannot change. */
export interface WindowIdentity {
  readonly role: Role;
  readonly label: string;
}

/** Where the other end of a window's port goes. */
export interface PortTaker {
  takePort(port: MessagePortMain, identity: WindowIdentity): void;
  /** Sets who is told when all ports taken so far are dead. */
  onPortsLost(listener: () => void): void;
}

/** Knows the windows, answers their pages' requests for a port. */
export class PortBroker {
  readonly #identities = new Map<number, WindowIdentity>();
  readonly #contents = new Set<WebContents>();

  /**
   * @param taker - the host.
   * @param isOurPage - which pages are heard.
   */
  constructor(taker: PortTaker, isOurPage: PageCheck) {
    onVettedMessage(PORT_REQUEST, isOurPage, (sender) => {
      const identity = this.#identities.get(sender.id);
      if (!identity) return;
      const { port1, port2 } = new MessageChannelMain();
      sender.postMessage(PORT_ANSWER, null, [port1]);
      taker.takePort(port2, identity);
    });
    taker.onPortsLost(() => {
      for (const contents of this.#contents) contents.postMessage(PORT_LOST, null);
    });
  }

  /** Lets the window's page ask for ports until it is destroyed. */
  admit(contents: WebContents, identity: WindowIdentity): void {
    const { id } = contents;
    this.#identities.set(id, identity);
    this.#contents.add(contents);
    contents.once("destroyed", () => {
      this.#identities.delete(id);
      this.#contents.delete(contents);
    });
  }
}
