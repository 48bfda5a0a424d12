import { Code, ConnectError } from "@connectrpc/connect";
import { systemClock } from "./clock";
import type { Clock } from "./clock";
import { sameToken } from "./greeting";
import type { Link } from "./link";
import { readLinkFrame, writeLinkFrame } from "./link-envelope";
import { PROTOCOL } from "./protocol";

/** The process at the other end. */
export interface Authenticated {
  readonly pid: number;
  readonly epoch: bigint;
}

/**
 * Dialler: shows the token, as the first frame of a link that anything on the machine could reach. Resolves with the process at the other end; then
 * the link is free to be listened to by others. Rejects with a ConnectError, the link being closed: UNAUTHENTICATED when the other end hung up,
 * UNAVAILABLE when it said nothing in time or was no worker, or the link broke.
 */
export function authenticate(link: Link, token: string, clock: Clock = systemClock): Promise<Authenticated> {
  return new Promise((resolve, reject) => {
    const fail = (error: ConnectError) => {
      clock.clearTimeout(timer);
      link.close(error);
      reject(error);
    };
    const timer = clock.setTimeout(() => {
      fail(new ConnectError("The other end did not answer the token in time.", Code.Unavailable));
    }, PROTOCOL.helloWithinMs);
    link.onClose((reason) =>
      fail(
        // A medium that broke, or was never there, has said nothing about the token.
        reason.cause === undefined
          ? new ConnectError("The other end did not take the token.", Code.Unauthenticated)
          : reason,
      ),
    );
    link.onFrame((frame) => {
      try {
        const { kind } = readLinkFrame(frame);
        if (kind.case !== "authenticated") {
          throw new Error(`it said ${kind.case}`);
        }
        clock.clearTimeout(timer);
        link.onClose(() => undefined);
        resolve({ pid: kind.value.pid, epoch: kind.value.epoch });
      } catch (error) {
        fail(new ConnectError(`The other end does not answer as a worker: ${String(error)}.`, Code.Unavailable));
      }
    });
    link.send(writeLinkFrame({ case: "authenticate", value: { token } }));
  });
}

/** Accepting end: waits for the token, and answers a good one with who this is. A bad one gets no answer: the link closes. Rejects then. */
export function acceptAuthentication(
  link: Link,
  token: string,
  self: Authenticated,
  clock: Clock = systemClock,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (message: string) => {
      const error = new ConnectError(message, Code.Unauthenticated);
      clock.clearTimeout(timer);
      link.close(error);
      reject(error);
    };
    const timer = clock.setTimeout(() => fail("No token came in time."), PROTOCOL.helloWithinMs);
    link.onClose(() => fail("The link closed before a token came."));
    link.onFrame((frame) => {
      try {
        const { kind } = readLinkFrame(frame);
        if (kind.case !== "authenticate" || !sameToken(token, kind.value.token)) {
          fail("The token is not the right one.");
          return;
        }
        clock.clearTimeout(timer);
        link.onClose(() => undefined);
        link.send(writeLinkFrame({ case: "authenticated", value: self }));
        resolve();
      } catch (error) {
        fail(`The first frame shows no token: ${String(error)}.`);
      }
    });
  });
}
