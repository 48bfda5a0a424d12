/** Hands out ports between two windows: one end to the page that asks, the other to the page it asks for, with what main knows of the asker. */
import { MessageChannelMain, type MessagePortMain, type WebContents } from "electron";
import {
  DIRECT_ANSWER,
  DIRECT_END,
  DIRECT_LISTEN,
  DIRECT_OFFER,
  DIRECT_REFUSAL,
  DIRECT_REQUEST,
  type DirectAnswer,
  type DirectEnd,
  type DirectOffer,
  type DirectRefusal,
  readDirectRequest,
} from "../links/port-messages";
import type { WindowIdentity } from "./port-broker";
import { onVettedMessage, type PageCheck } from "./vetted-ipc";
import type { WindowName } from "./window-kinds";

/** Direct ports that a page may have asked for and not lost. A page needs one to each window; a further one takes the place of the oldest. */
export const MOST_DIRECT_PORTS = 4;

/** A window, as main made it. */
export interface DirectIdentity extends WindowIdentity {
  readonly name: WindowName;
}

interface AdmittedWindow extends DirectIdentity {
  readonly contents: WebContents;
  /** Its page has said that it takes ports. */
  listens: boolean;
}

/** A port between two windows. */
interface Pair {
  readonly asker: AdmittedWindow;
  readonly target: AdmittedWindow;
}

/** Knows the windows, and which ports are between them. No frame passes main. */
export class DirectPorts {
  readonly #windows = new Map<number, AdmittedWindow>();
  /** By number, oldest first. */
  readonly #pairs = new Map<number, Pair>();
  #last = 0;

  /** @param isOurPage - which pages are heard. */
  constructor(isOurPage: PageCheck) {
    onVettedMessage(DIRECT_LISTEN, isOurPage, (sender) => {
      const window = this.#windows.get(sender.id);
      if (window) window.listens = true;
    });
    onVettedMessage(DIRECT_REQUEST, isOurPage, (sender, data) => {
      const asker = this.#windows.get(sender.id);
      const request = readDirectRequest(data);
      if (!asker || !request) return;
      const refuse = (reason: string) => {
        tell(asker, DIRECT_REFUSAL, { ask: request.ask, reason } satisfies DirectRefusal);
      };
      const target = [...this.#windows.values()].find((window) => window.name === request.to && window !== asker);
      if (!target) refuse(`There is no ${request.to} window.`);
      else if (!target.listens) refuse(`The page of the ${request.to} window does not take ports yet.`);
      else this.#join({ asker, target }, request.ask);
    });
  }

  /** Lets the window's page ask for ports, and others ask for ports to it, until it is destroyed. */
  admit(contents: WebContents, identity: DirectIdentity): void {
    const { id } = contents;
    const window: AdmittedWindow = { ...identity, contents, listens: false };
    this.#windows.set(id, window);
    // Whatever ends the page ends its ports, and the next page has to say anew that it takes some.
    const pageEnded = () => {
      window.listens = false;
      this.#end((pair) => pair.asker === window || pair.target === window, window);
    };
    contents.on("render-process-gone", pageEnded);
    contents.on("did-navigate", pageEnded);
    contents.once("destroyed", () => {
      this.#windows.delete(id);
      pageEnded();
    });
  }

  #join(pair: Pair, ask: number): void {
    const { asker, target } = pair;
    const asked = [...this.#pairs].filter(([, other]) => other.asker === asker);
    const surplus = asked.slice(0, Math.max(0, asked.length - MOST_DIRECT_PORTS + 1)).map(([, other]) => other);
    this.#end((other) => surplus.includes(other));
    this.#last += 1;
    const port = this.#last;
    this.#pairs.set(port, pair);
    const { port1, port2 } = new MessageChannelMain();
    tell(asker, DIRECT_ANSWER, { ask, port } satisfies DirectAnswer, port1);
    const { role, label } = asker;
    tell(target, DIRECT_OFFER, { port, role, label } satisfies DirectOffer, port2);
  }

  /** Tells both ends of these ports that they are at their end; `gone` has no page any more that could be told. */
  #end(which: (pair: Pair) => boolean, gone?: AdmittedWindow): void {
    for (const [port, pair] of this.#pairs) {
      if (!which(pair)) continue;
      this.#pairs.delete(port);
      for (const window of [pair.asker, pair.target]) {
        if (window !== gone) tell(window, DIRECT_END, { port } satisfies DirectEnd);
      }
    }
  }
}

function tell({ contents }: AdmittedWindow, channel: string, message: object, ...ports: MessagePortMain[]): void {
  if (contents.isDestroyed()) return;
  try {
    contents.postMessage(channel, message, ports);
  } catch {
    // Electron throws where the page has just ended unasked; of that everybody is told next.
  }
}
