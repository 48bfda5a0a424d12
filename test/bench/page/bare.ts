/** The bare side of a page: a port and nothing of the protocol. */
import type { BareRequest } from "../app/bare";
import type { PageActions } from "./actions";
import { megabytesPerSecond, timed } from "./rate";

const PAYLOAD = new Uint8Array(64);

/** The bare side's actions over a port. */
export function bareActions(port: MessagePort): Pick<PageActions, "bareStream" | "bareEchoes"> {
  const post = (request: BareRequest) => {
    port.postMessage(request);
  };
  return {
    bareStream: ({ kind, messages, bytes, inFlight, unread }) =>
      new Promise((resolve) => {
        const start = performance.now();
        let received = 0;
        port.onmessage = (event: MessageEvent<Uint8Array>) => {
          // Chromium unpacks a message when its data is first looked at; a window that never does has not received it.
          if (!unread && event.data.length !== bytes) throw new Error(`${String(event.data.length)} bytes arrived`);
          received += 1;
          post({ kind: "ack" });
          if (received === messages) resolve(megabytesPerSecond(messages * bytes, start));
        };
        post({ kind, messages, bytes, inFlight });
      }),
    bareEchoes: ({ calls }) =>
      timed(
        calls,
        () =>
          new Promise((resolve) => {
            port.onmessage = ({ data }: MessageEvent<Uint8Array>) => {
              resolve(data);
            };
            post(PAYLOAD);
          }),
      ),
  };
}
