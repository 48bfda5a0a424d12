/**
 * How a page gets its one port from the preload: the page asks, so that no port arrives before somebody listens.
 *
 * Both sides talk by `window.postMessage`, where anything on the page may talk too; so both check that the message comes from this very window,
 * and the page takes no port it did not ask for.
 */

/** What the page posts to itself to ask for a port. */
export const PORT_REQUEST = "macroscope:port-request";

/** What the preload answers with; the port travels beside it. */
export const PORT_ANSWER = "macroscope:port-answer";

/** What the preload says when the host has ended, and every port to it with it. The runtime does not tell a page that a port's other end is gone. */
export const PORT_LOST = "macroscope:port-lost";

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
}

function closeWhenLost(page: HandshakeWindow, port: EventSink): void {
  const onMessage = (event: HandshakeEvent) => {
    if (event.source !== page || event.data !== PORT_LOST) return;
    page.removeEventListener("message", onMessage);
    port.dispatchEvent(new page.Event("close") as never);
  };
  page.addEventListener("message", onMessage);
}

/**
 * Asks the preload for a new port to the host. Whoever asked owns the port and closes it. When the host ends, the port gets a `close` event.
 *
 * @throws the signal's reason, when it is aborted before a port came.
 */
export function requestPort<Port extends EventSink>(page: HandshakeWindow, signal?: AbortSignal): Promise<Port> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      page.removeEventListener("message", onMessage);
      signal?.removeEventListener("abort", onAbort);
    };
    const onMessage = (event: HandshakeEvent) => {
      if (event.source !== page || event.data !== PORT_ANSWER || event.ports.length !== 1) return;
      finish();
      const port = event.ports[0] as Port;
      closeWhenLost(page, port);
      resolve(port);
    };
    const onAbort = () => {
      finish();
      reject(signal?.reason as Error);
    };
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    signal?.addEventListener("abort", onAbort);
    page.addEventListener("message", onMessage);
    page.postMessage(PORT_REQUEST, page.location.origin);
  });
}
