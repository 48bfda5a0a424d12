/**
 * State that comes as a snapshot and then as revisions: which message replaces what is there.
 *
 * Revisions count within one epoch, the life of one worker process. A message of another epoch always replaces; within an epoch a lower revision
 * is old news that overtook nothing and is ignored.
 */

/** Something with a revision, and where it came from. */
export interface Revised<State extends { readonly revision: number }> {
  readonly state: State;
  /** Decimal epoch of the worker process. */
  readonly epoch: string;
  /** Wall clock when it arrived, milliseconds. */
  readonly receivedAtMs: number;
}

/** The one of the two to keep. */
export function newer<State extends { readonly revision: number }>(
  kept: Revised<State> | null,
  arrived: Revised<State>,
): Revised<State> {
  if (kept?.epoch !== arrived.epoch) return arrived;
  return arrived.state.revision >= kept.state.revision ? arrived : kept;
}
