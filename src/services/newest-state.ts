/** A state that is told to whoever watches it, for handlers of streams whose newest message is all that counts. */

/** Something with a state that changes. */
export interface StateSource<State> {
  readonly state: State;
  /** Calls `listener` for every new state; the answer ends that. */
  subscribe(listener: (state: State) => void): () => void;
}

/**
 * The state now, and then the newest one each time that another is asked for; those in between are told by nothing but their revision. Ends with the
 * signal.
 */
export async function* newestStates<State>(source: StateSource<State>, signal: AbortSignal): AsyncGenerator<State> {
  let latest: { readonly state: State } | undefined = { state: source.state };
  let wake = Promise.withResolvers<undefined>();
  const unsubscribe = source.subscribe((state) => {
    latest = { state };
    wake.resolve(undefined);
  });
  const onAbort = () => {
    wake.resolve(undefined);
  };
  signal.addEventListener("abort", onAbort);
  try {
    while (!signal.aborted) {
      if (latest) {
        const { state } = latest;
        latest = undefined;
        yield state;
      } else {
        await wake.promise;
        wake = Promise.withResolvers<undefined>();
      }
    }
  } finally {
    unsubscribe();
    signal.removeEventListener("abort", onAbort);
  }
}
