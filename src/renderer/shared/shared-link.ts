/** One link to the program behind the window, for all channels of the window; made anew when it has closed or died. */
import { createMultiplexer, PROTOCOL, systemClock } from "../../rpc";
import type { Clock, ConnectionRequest, Link, Multiplexer } from "../../rpc";

/** A link that has been silent for so long is dead, whether its medium knows or not. A tick earlier than those who wait on it give up. */
const DEAD_AFTER_MS = Math.min(PROTOCOL.helloWithinMs, PROTOCOL.lostAfterSilenceMs) - 500;

/** The link that is used now. */
interface OpenLink {
  readonly multiplexer: Multiplexer;
  readonly heard: () => number;
}

/** Opens connections over one link. Whoever made it closes it. */
export class SharedLink {
  readonly #openLink: () => Promise<Link>;
  readonly #clock: Clock;
  #open: Promise<OpenLink> | undefined;

  /** @param openLink - makes a link: at the first connection, and at the next one after that link has gone. */
  constructor(openLink: () => Promise<Link>, clock: Clock = systemClock) {
    this.#openLink = openLink;
    this.#clock = clock;
  }

  /**
   * A connection of its own. When its user gives it up and the link has said nothing at all meanwhile, on no connection, the link is dropped too:
   * some media never tell that nobody is at their other end, and dialling again over the same one would wait in vain for ever.
   */
  async connect(request: ConnectionRequest): Promise<Link> {
    const { multiplexer, heard } = await (this.#open ??= this.#makeLink());
    const openedAt = this.#clock.now();
    const connection = multiplexer.open(request);
    return noticing(connection, () => {
      if (this.#clock.now() - Math.max(openedAt, heard()) >= DEAD_AFTER_MS) {
        multiplexer.close("Nothing was heard any more.");
      }
    });
  }

  /** Closes the link and all connections. */
  close(reason: string): void {
    this.#open?.then(
      ({ multiplexer }) => multiplexer.close(reason),
      () => undefined,
    );
  }

  #makeLink(): Promise<OpenLink> {
    const made: Promise<OpenLink> = this.#openLink().then(
      (link) => {
        let heardAt = this.#clock.now();
        const counted = hearing(link, () => {
          heardAt = this.#clock.now();
        });
        return { multiplexer: createMultiplexer(counted, { onClose: forget }), heard: () => heardAt };
      },
      (error: unknown) => {
        forget();
        throw error;
      },
    );
    const forget = () => {
      if (this.#open === made) this.#open = undefined;
    };
    return made;
  }
}

/** The link, with word of each frame that comes. */
function hearing(link: Link, onHeard: () => void): Link {
  return {
    send: (frame) => link.send(frame),
    onFrame: (listener) => {
      link.onFrame((frame) => {
        onHeard();
        listener(frame);
      });
    },
    onClose: (listener) => link.onClose(listener),
    close: (reason) => link.close(reason),
    copiesOnSend: link.copiesOnSend === true,
    waitingBytes: (connection) => link.waitingBytes?.(connection) ?? 0,
    forget: (connection) => link.forget?.(connection),
    recycle: (frame) => link.recycle?.(frame),
  };
}

/** The link, with word of its being closed from this side. */
function noticing(link: Link, onClosedHere: () => void): Link {
  return {
    send: (frame) => link.send(frame),
    onFrame: (listener) => link.onFrame(listener),
    onClose: (listener) => link.onClose(listener),
    close: (reason) => {
      link.close(reason);
      onClosedHere();
    },
    copiesOnSend: link.copiesOnSend === true,
    waitingBytes: (connection) => link.waitingBytes?.(connection) ?? 0,
    recycle: (frame) => link.recycle?.(frame),
  };
}
