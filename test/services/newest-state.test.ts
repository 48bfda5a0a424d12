import { expect, test } from "vitest";
import { newestStates } from "../../src/services/newest-state";

class Source {
  readonly listeners = new Set<(state: number) => void>();
  state = 1;
  subscribe(listener: (state: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  set(state: number): void {
    this.state = state;
    for (const listener of this.listeners) listener(state);
  }
}

test("gives the state now, then the newest each time that one is asked for", async () => {
  const source = new Source();
  const states = newestStates(source, new AbortController().signal);
  expect((await states.next()).value).toBe(1);
  source.set(2);
  source.set(3);
  expect((await states.next()).value).toBe(3);
  const next = states.next();
  source.set(4);
  expect((await next).value).toBe(4);
  await states.return(undefined);
  expect(source.listeners.size).toBe(0);
});

test("ends with the signal, while it waits too, and listens no more", async () => {
  const source = new Source();
  const abort = new AbortController();
  const states = newestStates(source, abort.signal);
  await states.next();
  const next = states.next();
  abort.abort();
  expect(await next).toEqual({ done: true, value: undefined });
  expect(source.listeners.size).toBe(0);
  expect((await newestStates(source, abort.signal).next()).done).toBe(true);
});
