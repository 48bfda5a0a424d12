/** What main may ask of a page of the bench: the names of the actions, what they take and what they give back. Everything is plain data. */

/** A server that a page talks to. */
export type Target = "host" | "worker";

/** A stream of equal messages, of which so many may be on their way. */
export interface StreamWork {
  readonly messages: number;
  readonly bytes: number;
  readonly inFlight: number;
}

/** When a stop's handler ran and when its answer came, both in milliseconds since it was sent, one of each for each probe. */
export interface ProbeTimes {
  readonly handledMs: number[];
  readonly answeredMs: number[];
}

/** What a page received while it worked at a set rate. */
export interface PacedFigures {
  readonly messages: number;
  readonly echoMs: number[];
}

export interface PageActions {
  /** Megabytes a second of a stream by the product's protocol. */
  flood(work: StreamWork & { readonly target: Target }): Promise<number>;
  /** The same, for a time instead of a number of messages. */
  floodFor(work: StreamWork & { readonly durationMs: number }): Promise<number>;
  /** The same by the bare side: one hop from the utility process, or the chain from Python. `unread`: the page never looks at the messages. */
  bareStream(work: StreamWork & { readonly kind: "hop" | "chain"; readonly unread?: boolean }): Promise<number>;
  /** Milliseconds of calls with 64 bytes, one after the other. */
  echoes(work: { readonly calls: number }): Promise<number[]>;
  bareEchoes(work: { readonly calls: number }): Promise<number[]>;
  /** Calls as urgent as a stop, `flooded` beside a stream at full speed. */
  probes(
    work: Omit<StreamWork, "messages"> & { readonly probes: number; readonly flooded: boolean },
  ): Promise<ProbeTimes>;
  /** A stream taken at a set rate, and calls at a set rate beside it. */
  paced(work: {
    readonly bytes: number;
    readonly messagesPerSecond: number;
    readonly callsPerSecond: number;
    readonly durationMs: number;
  }): Promise<PacedFigures>;
  /** Opens a preview, the camera's state and a stream, and goes on taking them until `rest`. */
  work(): Promise<void>;
  /** Ends what `work` began. */
  rest(): Promise<void>;
  /** Megabytes a second of a peer's stream. */
  peerStream(work: StreamWork & { readonly peer: PeerName }): Promise<number>;
  /** Milliseconds of a peer's calls with 64 bytes. */
  peerEchoes(work: { readonly calls: number; readonly peer: PeerName }): Promise<number[]>;
}

/** The other ways that the product is compared with. */
export type PeerName = "file-mapping" | "grpc" | "websocket" | "json";

/** What the preload lets a peer's page use of Electron's own channel to main, as its users would expose it. */
export interface PeerBridge {
  invoke(channel: string, argument: unknown): Promise<unknown>;
  send(channel: string, argument: unknown): void;
  /** Sets who gets what main sends on a channel; a later call replaces it. */
  on(channel: string, listener: (message: unknown) => void): void;
}
