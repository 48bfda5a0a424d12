/** A channel whose state a test sets. */
import type { ObservedChannel, ObservedChannelState } from "../../../src/mirror";

export class FakeChannel implements ObservedChannel {
  private readonly listeners = new Set<() => void>();
  private now: ObservedChannelState;

  constructor(epoch: bigint) {
    this.now = { phase: "live", attempt: 0, roundTripMs: 0.21, server: fakeServer(epoch) };
  }

  get state(): ObservedChannelState {
    return this.now;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** How often it was asked to dial at once. */
  redials = 0;

  redial(): void {
    this.redials += 1;
  }

  set(change: Partial<ObservedChannelState>): void {
    this.now = { ...this.now, ...change };
    for (const listener of [...this.listeners]) listener();
  }
}

/** A server of this epoch, as a channel tells of it. */
export function fakeServer(epoch: bigint): NonNullable<ObservedChannelState["server"]> {
  return { build: "0.1.0", session: "fake", epoch, schemaDigest: "00", schemaDiffers: false, role: 2 };
}
