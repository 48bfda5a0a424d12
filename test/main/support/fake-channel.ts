/** A channel to the worker that stands as a test says. */
import type { Channel, ChannelState } from "../../../src/rpc";

export class FakeChannel implements Pick<Channel, "state" | "subscribe"> {
  state: ChannelState = { phase: "connecting", attempt: 1 };
  readonly #listeners = new Set<(state: ChannelState) => void>();

  subscribe(listener: (state: ChannelState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(phase: ChannelState["phase"]): void {
    this.state = { phase, attempt: 1 };
    for (const listener of [...this.#listeners]) listener(this.state);
  }

  get listeners(): number {
    return this.#listeners.size;
  }
}
