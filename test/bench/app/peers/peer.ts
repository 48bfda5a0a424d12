import type { StreamWork } from "../../page/actions";
import type { BenchWindow } from "../stage";

/** Main's part in a peer's way from Python to the window. */
export interface Peer {
  /** Starts the peer's Python and connects to it. */
  start(page: BenchWindow): Promise<void>;
  /** Begins a stream; frames go to the window as the peer's users would send them. */
  stream?(work: StreamWork): void;
  /** Calls Python and gives back its answer. */
  echo?(payload: unknown): Promise<unknown>;
  /** The window has a frame, in a slot where the peer has slots. */
  taken?(slot: number): void;
  /** The window fetches a frame. */
  fetch?(slot: number): unknown;
  /** Where the window itself connects to. */
  readonly address?: string;
  close(): void;
}
