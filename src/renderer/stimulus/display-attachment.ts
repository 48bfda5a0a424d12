/** The display's place on the worker's stage: taken when the display is ready, taken again when it was lost, and told again when the display has changed. */
import { Code, ConnectError } from "@connectrpc/connect";
import type { Client } from "@connectrpc/connect";
import type { Scene, StimulusService } from "../../../gen/ts/macroscope/stimulus/v1/stimulus_pb";
import { keepStream } from "../../mirror";
import type { HeldStream } from "../../mirror";

/** What the worker is told of the display. */
export interface DisplayFacts {
  /** Of the window service; empty in a browser. */
  readonly displayId: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly renderer: string;
  readonly fullScreen: boolean;
}

export interface AttachmentEvents {
  /** The worker has another life, or this is the first time: what was shown before is counted no more. */
  readonly onBegun: () => void;
  /** A scene to show. The first one says that the display is attached. */
  readonly onScene: (scene: Scene) => void;
  /** It is not attached: why, a sentence. */
  readonly onDetached: (reason: string) => void;
}

interface Hold {
  readonly stream: HeldStream;
  readonly facts: DisplayFacts;
}

export class DisplayAttachment {
  readonly #client: Client<typeof StimulusService>;
  readonly #events: AttachmentEvents;
  readonly #newId: () => string;
  #id = "";
  #epoch: bigint | undefined;
  #hold: Hold | undefined;
  #attached = false;

  /** Whoever makes it ends it. */
  constructor(client: Client<typeof StimulusService>, events: AttachmentEvents, newId: () => string) {
    this.#client = client;
    this.#events = events;
    this.#newId = newId;
  }

  /** The id to report flips with; undefined while it is not attached. */
  get id(): string | undefined {
    return this.#attached ? this.#id : undefined;
  }

  /** The worker answers, and this is its life. In another life nothing is known of this display, so it attaches as a new one. */
  meet(epoch: bigint): void {
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#id = this.#newId();
      this.#events.onBegun();
      const facts = this.#hold?.facts;
      this.#end();
      if (facts) this.tell(facts);
    }
    this.#hold?.stream.wake();
  }

  /** The display is like this now. The worker hears it by a new hold, which takes the place of the older one without a gap. */
  tell(facts: DisplayFacts): void {
    const before = this.#hold;
    if (before && sameFacts(before.facts, facts)) return;
    if (this.#epoch === undefined) {
      // Nobody to tell yet; `meet` does.
      this.#hold = { facts, stream: { wake: () => undefined, stop: () => undefined } };
      return;
    }
    const attachmentId = this.#id;
    const isPresent = () => this.#hold?.stream === stream;
    const stream: HeldStream = keepStream({
      open: (signal) => this.#client.attachDisplay({ attachmentId, ...facts }, { signal }),
      take: ({ scene }) => {
        before?.stream.stop();
        if (!scene || !isPresent()) return;
        this.#attached = true;
        this.#events.onScene(scene);
      },
      down: (error) => {
        // The worker has ended it in favour of a newer hold; opened again it would end that one.
        if (!isPresent()) stream.stop();
        else this.#detached(error);
      },
    });
    this.#hold = { stream, facts };
  }

  /** The display is gone. */
  stop(): void {
    this.#end();
    this.#hold = undefined;
  }

  #end(): void {
    this.#hold?.stream.stop();
    this.#hold = undefined;
    if (this.#attached) this.#detached(undefined);
  }

  #detached(error: unknown): void {
    this.#attached = false;
    this.#events.onDetached(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  if (error === undefined) return "The worker has ended the connection.";
  const { code, rawMessage } = ConnectError.from(error);
  if (code === Code.AlreadyExists) return rawMessage || "Another display shows the stimulus.";
  return rawMessage || "There is no connection to the worker.";
}

function sameFacts(one: DisplayFacts, other: DisplayFacts): boolean {
  return (
    one.displayId === other.displayId &&
    one.widthPx === other.widthPx &&
    one.heightPx === other.heightPx &&
    one.renderer === other.renderer &&
    one.fullScreen === other.fullScreen
  );
}
