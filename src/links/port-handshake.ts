/**
 * How a page gets its ports from the preload: to the host and, where it asks for one, to another window. The page asks, so that no port arrives before
 * somebody listens.
 *
 * Both sides talk by `window.postMessage`, where anything on the page may talk too; so both check that the message comes from this very window,
 * and the page takes no port it did not ask for.
 */
import { Code, ConnectError } from "@connectrpc/connect";
import type { EventTargetPort } from "./message-port";
import {
  DIRECT_ANSWER,
  DIRECT_END,
  DIRECT_LISTEN,
  DIRECT_OFFER,
  DIRECT_REFUSAL,
  DIRECT_REQUEST,
  PORT_ANSWER,
  PORT_LOST,
  PORT_REQUEST,
  type PortIdentity,
  type PortTarget,
  readDirectAnswer,
  readDirectEnd,
  readDirectOffer,
  readDirectRefusal,
  readPortAsk,
  typeOf,
} from "./port-messages";

/** The part of a DOM `MessageEvent` that the handshake reads. */
interface HandshakeEvent {
  readonly data: unknown;
  readonly source: unknown;
  readonly ports: readonly unknown[];
}

/** The part of a DOM `Window` that the handshake needs; `Port` is what it carries. */
export interface HandshakeWindow {
  readonly location: { readonly origin: string };
  readonly Event: new (type: string) => object;
  postMessage(message: unknown, targetOrigin: string): void;
  addEventListener(type: "message", listener: (event: HandshakeEvent) => void): void;
  removeEventListener(type: "message", listener: (event: HandshakeEvent) => void): void;
}

/** The part of a DOM `MessagePort` that the handshake needs. */
interface EventSink {
  dispatchEvent(event: never): unknown;
  close?(): void;
}

export interface PortRequestOptions {
  /** Another window instead of the host. */
  readonly to?: PortTarget | undefined;
}

/** An answer to a request that was given up is waited for so long, to close its port: a page may have stood still meanwhile, and main answers at once. */
const LATEST_MS = 60_000;

/** Begins anywhere: another copy of this code in the same page, such as a test's, has numbers of its own, and two may ask at the same time. */
let lastAsk = Math.floor(Math.random() * 2 ** 52);

/**
 * Asks the preload for a new port: to the host, or to the window of the kind `to`. Whoever asked owns the port and closes it. When the host ends, or the
 * other window's page, the port gets a `close` event.
 *
 * @throws the signal's reason, when it is aborted before a port came; ConnectError UNAVAILABLE, when there is no such window or its page takes no ports
 * (yet): asking again later may help.
 */
export function requestPort<Port extends EventSink>(
  page: HandshakeWindow,
  signal?: AbortSignal,
  { to }: PortRequestOptions = {},
): Promise<Port> {
  return new Promise((resolve, reject) => {
    lastAsk += 1;
    const ask = lastAsk;
    /** Whoever asked has given up. */
    let given = false;
    const finish = () => {
      page.removeEventListener("message", onMessage);
      signal?.removeEventListener("abort", onAbort);
    };
    const take = (event: HandshakeEvent, isEnd: (data: unknown) => boolean) => {
      finish();
      const port = event.ports[0] as Port;
      if (given) {
        port.close?.();
        return;
      }
      closeWhen(page, port, isEnd);
      resolve(port);
    };
    const onMessage = (event: HandshakeEvent) => {
      if (event.source !== page) return;
      const type = typeOf(event.data);
      if (to === undefined) {
        const ours = type === PORT_ANSWER && readPortAsk(event.data)?.ask === ask;
        if (ours && event.ports.length === 1) take(event, (data) => data === PORT_LOST);
        return;
      }
      const answer = type === DIRECT_ANSWER ? readDirectAnswer(event.data) : undefined;
      if (answer?.ask === ask && event.ports.length === 1) take(event, isEndOf(answer.port));
      const refusal = type === DIRECT_REFUSAL ? readDirectRefusal(event.data) : undefined;
      if (refusal?.ask !== ask) return;
      finish();
      reject(new ConnectError(refusal.reason, Code.Unavailable));
    };
    const onAbort = () => {
      // A port that comes late is nobody's, and left open it would count as one of the few that a page may have.
      given = true;
      setTimeout(finish, LATEST_MS);
      reject(signal?.reason as Error);
    };
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    signal?.addEventListener("abort", onAbort);
    page.addEventListener("message", onMessage);
    page.postMessage(
      to === undefined ? { type: PORT_REQUEST, ask } : { type: DIRECT_REQUEST, to, ask },
      page.location.origin,
    );
  });
}

/**
 * Takes the ports that other windows ask this one for, until the returned function is called. Each port is the listener's, who closes it; it gets a `close`
 * event when the other window's page has ended. The identity is what main knows of the other window.
 */
export function onPortOffered(
  page: HandshakeWindow,
  listener: (port: EventTargetPort, identity: PortIdentity) => void,
): () => void {
  const onMessage = (event: HandshakeEvent) => {
    if (event.source !== page || typeOf(event.data) !== DIRECT_OFFER || event.ports.length !== 1) return;
    const offer = readDirectOffer(event.data);
    if (offer === undefined) return;
    const port = event.ports[0] as EventTargetPort & EventSink;
    closeWhen(page, port, isEndOf(offer.port));
    listener(port, { role: offer.role, label: offer.label });
  };
  page.addEventListener("message", onMessage);
  page.postMessage(DIRECT_LISTEN, page.location.origin);
  return () => {
    page.removeEventListener("message", onMessage);
  };
}

function isEndOf(port: number): (data: unknown) => boolean {
  return (data) => typeOf(data) === DIRECT_END && readDirectEnd(data)?.port === port;
}

/** Tells the port, once, that its other end is gone. */
function closeWhen(page: HandshakeWindow, port: EventSink, isEnd: (data: unknown) => boolean): void {
  const onMessage = (event: HandshakeEvent) => {
    if (event.source !== page || !isEnd(event.data)) return;
    page.removeEventListener("message", onMessage);
    port.dispatchEvent(new page.Event("close") as never);
  };
  page.addEventListener("message", onMessage);
}
