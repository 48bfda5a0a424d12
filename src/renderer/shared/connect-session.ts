/** A browser's way to a worker: asks for a token, connects, and asks again when the worker does not take it any more. */
import { Code } from "@connectrpc/connect";
import { makeStore, mirrorInstrument } from "../../mirror";
import type { Instrument, MirrorStore } from "../../mirror";
import type { Link } from "../../rpc";
import { connectWorker } from "./connect-instrument";
import type { ConnectedInstrument } from "./connect-instrument";
import { forgetToken, keepToken, keptToken } from "./connect-token";
import type { KeptToken, TokenStorage } from "./connect-token";

/** The worker has taken the token. What happens to the link from now on is told by the window. */
export interface EnteredSession {
  readonly kind: "entered";
  readonly address: string;
  readonly instrument: ConnectedInstrument<undefined>;
  readonly store: MirrorStore;
}

/** How far it is. */
export type SessionState =
  /** Nothing is connected. `problem` says why, when it was. */
  | { readonly kind: "asking"; readonly address: string; readonly problem: string }
  /** The worker is dialled; `problem` is what the last attempt met. */
  | { readonly kind: "connecting"; readonly address: string; readonly problem: string; readonly attempt: number }
  | EnteredSession;

export interface SessionOptions {
  /** The worker's address, until somebody types another. */
  readonly address: string;
  /** Dials, and shows the token. */
  readonly dial: (address: string, token: string) => Promise<Link>;
  /** Keeps the token for as long as the tab lives. */
  readonly storage: TokenStorage;
  readonly label: string;
  readonly build: string;
  /** What the page keeps up to date once the worker has taken the token; absent: everything. */
  readonly mirror?: (store: MirrorStore, instrument: Instrument) => () => void;
}

const NOT_TAKEN = "The worker does not take this token. Copy it again: all 64 characters, of the worker that runs now.";
const NO_LONGER_TAKEN = "The worker does not take the token any more. It was started again and has new ones.";

/** Whoever makes it closes it. */
export class ConnectSession {
  readonly #options: SessionOptions;
  readonly #listeners = new Set<() => void>();
  #state: SessionState;
  #leave: () => void = () => undefined;

  /** Connects at once with a token that the tab has kept. */
  constructor(options: SessionOptions) {
    this.#options = options;
    this.#state = { kind: "asking", address: options.address, problem: "" };
    const kept = keptToken(options.storage);
    // A kept token is of one worker; at another address it is not shown.
    if (kept?.address === options.address) this.connect(kept);
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Told of each new state. Returns the function that ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Dials the worker, again and again until it answers. */
  connect({ address, token }: KeptToken): void {
    this.#leave();
    const { dial, label, build } = this.#options;
    this.#set({ kind: "connecting", address, problem: "", attempt: 1 });
    const instrument = connectWorker({ openLink: () => dial(address, token), label, build });
    const { worker } = instrument.channels;
    const unsubscribe = worker.subscribe(() => this.#follow(instrument, { address, token }));
    this.#leave = () => {
      this.#leave = () => undefined;
      unsubscribe();
      instrument.close();
    };
  }

  /** Gives up what is being connected, or leaves the worker, and forgets the token. */
  leave(problem = ""): void {
    this.#leave();
    forgetToken(this.#options.storage);
    this.#set({ kind: "asking", address: this.#state.address, problem });
  }

  #follow(instrument: ConnectedInstrument<undefined>, kept: KeptToken): void {
    const { phase, code, reason = "", attempt } = instrument.channels.worker.state;
    const { address } = kept;
    const entered = this.#state.kind === "entered";
    if (phase === "refused" && code === Code.Unauthenticated) {
      this.leave(entered ? NO_LONGER_TAKEN : NOT_TAKEN);
    } else if (entered) {
      return;
    } else if (phase === "live") {
      keepToken(this.#options.storage, kept);
      this.#enter(instrument, address);
    } else if (phase === "refused") {
      this.leave(reason);
    } else {
      const problem = phase === "lost" ? reason : (this.#state as { problem?: string }).problem;
      this.#set({ kind: "connecting", address, problem: problem ?? "", attempt });
    }
  }

  #enter(instrument: ConnectedInstrument<undefined>, address: string): void {
    const store = makeStore({ clients: instrument.clients });
    const stop = (this.#options.mirror ?? mirrorInstrument)(store, instrument);
    const leave = this.#leave;
    this.#leave = () => {
      stop();
      leave();
    };
    this.#set({ kind: "entered", address, instrument, store });
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}
