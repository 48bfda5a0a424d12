/** Hands out ports: one end to a window, the other to the host, with what the window may do. No frame passes main. */
import { MessageChannelMain, type MessagePortMain, type WebContents } from "electron";
import { PORT_ANSWER, PORT_LOST, PORT_REQUEST, type PortAsk, readPortAsk } from "../links/port-messages";
import type { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { onVettedMessage, type PageCheck } from "./vetted-ipc";

/** A page needs one; a second comes while the first is about to end. More is a fault of the page, and would fill host and worker. */
export const MOST_PORTS_PER_WINDOW = 4;

/** Refusals are told the first time and then each time they are this many more: a page may ask in a loop. */
const TELL_EVERY = 100;

/** What main knows about a window and its page cannot change. */
export interface WindowIdentity {
  readonly role: Role;
  readonly label: string;
}

/** Where the other end of a window's port goes. */
export interface PortTaker {
  /** `onClosed` is told, once, when the port has closed, by whichever end. */
  takePort(port: MessagePortMain, identity: WindowIdentity, onClosed: () => void): void;
  /** Sets who is told when all ports taken so far are dead. */
  onPortsLost(listener: () => void): void;
}

interface AdmittedWindow extends WindowIdentity {
  /** Ports that are not known to have closed. */
  ports: number;
  refused: number;
  /** The newest request that there was no room for. */
  waiting: PortAsk | undefined;
}

/** Knows the windows, answers their pages' requests for a port. */
export class PortBroker {
  readonly #windows = new Map<number, AdmittedWindow>();
  readonly #contents = new Set<WebContents>();
  readonly #taker: PortTaker;

  /**
   * @param taker - the host.
   * @param isOurPage - which pages are heard.
   */
  constructor(taker: PortTaker, isOurPage: PageCheck) {
    this.#taker = taker;
    onVettedMessage(PORT_REQUEST, isOurPage, (sender, data) => {
      const window = this.#windows.get(sender.id);
      const request = readPortAsk(data);
      if (!window || !request) return;
      if (mayHavePort(window)) this.#give(window, sender, request);
      else window.waiting = request;
    });
    taker.onPortsLost(() => {
      for (const contents of this.#contents) tellLost(contents);
    });
  }

  #give(window: AdmittedWindow, contents: WebContents, request: PortAsk): void {
    const { port1, port2 } = new MessageChannelMain();
    contents.postMessage(PORT_ANSWER, request, [port1]);
    window.ports += 1;
    this.#taker.takePort(port2, { role: window.role, label: window.label }, () => {
      window.ports -= 1;
      const { waiting } = window;
      window.waiting = undefined;
      // Ports of a host that is slow to start close all at once when it looks at them; the page would wait for an answer until its time is over.
      if (waiting && this.#contents.has(contents)) this.#give(window, contents, waiting);
    });
  }

  /** Lets the window's page ask for ports until it is destroyed. */
  admit(contents: WebContents, identity: WindowIdentity): void {
    const { id } = contents;
    this.#windows.set(id, { ...identity, ports: 0, refused: 0, waiting: undefined });
    this.#contents.add(contents);
    contents.once("destroyed", () => {
      this.#windows.delete(id);
      this.#contents.delete(contents);
    });
  }
}

function tellLost(contents: WebContents): void {
  try {
    contents.postMessage(PORT_LOST, null);
  } catch {
    // Electron throws where a page has ended unasked. It has no port any more, and the next one asks for its own; the others have to be told.
  }
}

/** Whether the window gets another port; says in the log when it does not. */
function mayHavePort(window: AdmittedWindow): boolean {
  if (window.ports < MOST_PORTS_PER_WINDOW) return true;
  if (window.refused % TELL_EVERY === 0) {
    console.error(
      `The page of the ${window.label} asks for more than ${String(MOST_PORTS_PER_WINDOW)} ports at a time and gets none ` +
        `(refused before: ${String(window.refused)}).`,
    );
  }
  window.refused += 1;
  return false;
}
