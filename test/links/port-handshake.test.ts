import { Code } from "@connectrpc/connect";
import { describe, expect, test, vi } from "vitest";
import { type HandshakeWindow, onPortOffered, requestPort } from "../../src/links/port-handshake";
import {
  DIRECT_ANSWER,
  DIRECT_END,
  DIRECT_LISTEN,
  DIRECT_OFFER,
  DIRECT_REFUSAL,
  DIRECT_REQUEST,
  PORT_ANSWER,
  PORT_LOST,
  PORT_REQUEST,
} from "../../src/links/port-messages";

type Told = Parameters<Parameters<HandshakeWindow["addEventListener"]>[1]>[0];

/** A page's window: what is posted to it is told to its listeners, with itself as the source. */
class FakeWindow implements HandshakeWindow {
  readonly location = { origin: "macroscope://app" };
  readonly Event = Event;
  readonly posted: unknown[] = [];
  readonly listeners = new Set<(event: Told) => void>();

  postMessage(message: unknown, targetOrigin: string): void {
    expect(targetOrigin).toBe(this.location.origin);
    this.posted.push(message);
  }

  addEventListener(_type: "message", listener: (event: Told) => void): void {
    this.listeners.add(listener);
  }

  removeEventListener(_type: "message", listener: (event: Told) => void): void {
    this.listeners.delete(listener);
  }

  /** The number of the last request. */
  get ask(): number {
    return (this.posted.at(-1) as { ask: number }).ask;
  }

  tell(event: Partial<Told>): void {
    const answer = { type: PORT_ANSWER, ask: this.posted.length > 0 ? this.ask : 0 };
    for (const listener of [...this.listeners]) listener({ data: answer, source: this, ports: [], ...event });
  }
}

describe("requestPort", () => {
  test("asks, and takes the one port that answers", async () => {
    const page = new FakeWindow();
    const port = new EventTarget();
    const asked = requestPort(page);
    expect(page.posted).toEqual([{ type: PORT_REQUEST, ask: page.ask }]);
    page.tell({ ports: [port] });
    expect(await asked).toBe(port);
  });

  test("takes no port that another copy of the code in the same page asked for", async () => {
    const page = new FakeWindow();
    vi.resetModules();
    const one = await import("../../src/links/port-handshake");
    vi.resetModules();
    const other = await import("../../src/links/port-handshake");
    const [first, second] = [new EventTarget(), new EventTarget()];
    const both = Promise.all([one.requestPort(page), other.requestPort(page)]);
    const asks = page.posted.map((posted) => (posted as { ask: number }).ask);
    page.tell({ data: { type: PORT_ANSWER, ask: asks[0] }, ports: [first] });
    page.tell({ data: { type: PORT_ANSWER, ask: asks[1] }, ports: [second] });
    expect(await both).toEqual([first, second]);
    expect((await both)[0]).not.toBe((await both)[1]);
  });

  test("closes the port when the host has ended, once, and not because another page says so", async () => {
    const page = new FakeWindow();
    const port = new EventTarget();
    const closed: string[] = [];
    port.addEventListener("close", ({ type }) => closed.push(type));
    const asked = requestPort<EventTarget>(page);
    page.tell({ ports: [port] });
    await asked;
    page.tell({ source: {}, data: PORT_LOST });
    expect(closed).toEqual([]);
    page.tell({ data: PORT_LOST });
    page.tell({ data: PORT_LOST });
    expect(closed).toEqual(["close"]);
    expect(page.listeners.size).toBe(0);
  });

  test("two requests at a time get a port each, whichever is answered first", async () => {
    const page = new FakeWindow();
    const ports = [new EventTarget(), new EventTarget()];
    const one = requestPort<EventTarget>(page);
    const first = page.ask;
    const two = requestPort<EventTarget>(page);
    page.tell({ data: { type: PORT_ANSWER, ask: page.ask }, ports: ports.slice(1) });
    page.tell({ data: { type: PORT_ANSWER, ask: first }, ports: ports.slice(0, 1) });
    expect([await one, await two]).toEqual(ports);
    expect((await one) === (await two)).toBe(false);
  });

  test("takes no port from another source, of another message, or beside others", async () => {
    const page = new FakeWindow();
    const asked = requestPort(page);
    const right = new EventTarget();
    page.tell({ source: {}, ports: ["of another window"] });
    page.tell({ data: "something else", ports: ["of another message"] });
    page.tell({ ports: [] });
    page.tell({ ports: ["one", "too many"] });
    page.tell({ ports: [right] });
    expect(await asked).toBe(right);
  });

  test("gives up with the signal's reason", async () => {
    const page = new FakeWindow();
    const abort = new AbortController();
    const asked = requestPort(page, abort.signal);
    abort.abort(new Error("the window closes"));
    await expect(asked).rejects.toThrow("the window closes");
    await expect(requestPort(page, abort.signal)).rejects.toThrow("the window closes");
    expect(page.listeners.size).toBe(1);
  });

  test("closes a port that comes when nobody waits for it any more, and waits for none for ever", async () => {
    vi.useFakeTimers();
    const page = new FakeWindow();
    for (const comes of [true, false]) {
      const abort = new AbortController();
      const asked = requestPort(page, abort.signal);
      const late = Object.assign(new EventTarget(), { close: vi.fn() });
      abort.abort(new Error("too long"));
      await expect(asked).rejects.toThrow("too long");
      if (comes) page.tell({ ports: [late] });
      else vi.advanceTimersByTime(60_000);
      expect(late.close).toHaveBeenCalledTimes(comes ? 1 : 0);
      expect(page.listeners.size).toBe(0);
    }
    vi.useRealTimers();
  });
});

/** What anything on a hostile page may post, and what other windows may. */
function postRubbish(page: FakeWindow, ask: number): void {
  const port = new EventTarget();
  const whole = { type: DIRECT_ANSWER, ask, port: 1 };
  page.tell({ source: {}, data: whole, ports: [port] });
  for (const ports of [[], [port, port]]) page.tell({ data: whole, ports });
  for (const data of [
    null,
    7,
    "rubbish",
    [],
    { type: DIRECT_ANSWER },
    { ...whole, ask: ask + 1 },
    { ...whole, port: "1" },
  ]) {
    page.tell({ data, ports: [port] });
  }
  page.tell({ data: { type: DIRECT_REFUSAL, ask: ask + 1, reason: "of another request" } });
  page.tell({ data: { type: DIRECT_REFUSAL, ask, reason: 7 } });
  page.tell({ source: {}, data: { type: DIRECT_REFUSAL, ask, reason: "from another window" } });
}

describe("requestPort to another window", () => {
  function asked(page: FakeWindow) {
    const port = requestPort<EventTarget>(page, undefined, { to: "stimulus" });
    const request = page.posted.at(-1) as { type: string; to: string; ask: number };
    expect(request).toEqual({ type: DIRECT_REQUEST, to: "stimulus", ask: request.ask });
    return { port, ask: request.ask };
  }

  test("takes the port of its own request and no other, whatever else is posted", async () => {
    const page = new FakeWindow();
    const [one, two] = [asked(page), asked(page)];
    expect(one.ask).not.toBe(two.ask);
    postRubbish(page, two.ask);
    page.tell({ data: { type: PORT_ANSWER, ask: two.ask }, ports: [new EventTarget()] });
    const [first, second] = [new EventTarget(), new EventTarget()];
    page.tell({ data: { type: DIRECT_ANSWER, ask: two.ask, port: 2 }, ports: [second] });
    page.tell({ data: { type: DIRECT_ANSWER, ask: one.ask, port: 1 }, ports: [first] });
    expect([await one.port, await two.port]).toEqual([first, second]);
  });

  test("is no answer to who asked for the host", async () => {
    const page = new FakeWindow();
    const port = requestPort<EventTarget>(page);
    const right = new EventTarget();
    for (let ask = 0; ask < 20; ask += 1)
      page.tell({ data: { type: DIRECT_ANSWER, ask, port: 1 }, ports: [new EventTarget()] });
    page.tell({ ports: [right] });
    expect(await port).toBe(right);
  });

  test("rejects with main's sentence, as something that may be asked again, and listens no more", async () => {
    const page = new FakeWindow();
    const { port, ask } = asked(page);
    postRubbish(page, ask);
    page.tell({ data: { type: DIRECT_REFUSAL, ask, reason: "There is no stimulus window." } });
    await expect(port).rejects.toMatchObject({ code: Code.Unavailable, rawMessage: "There is no stimulus window." });
    expect(page.listeners.size).toBe(0);
  });

  test("closes the port when the other window's page has ended, once, and no other port", async () => {
    const page = new FakeWindow();
    const { port, ask } = asked(page);
    const given = new EventTarget();
    const closed: string[] = [];
    given.addEventListener("close", ({ type }) => closed.push(type));
    page.tell({ data: { type: DIRECT_ANSWER, ask, port: 5 }, ports: [given] });
    await port;
    for (const data of [{ type: DIRECT_END, port: 6 }, { type: DIRECT_END }, DIRECT_END, PORT_LOST])
      page.tell({ data });
    page.tell({ source: {}, data: { type: DIRECT_END, port: 5 } });
    expect(closed).toEqual([]);
    for (let time = 0; time < 2; time += 1) page.tell({ data: { type: DIRECT_END, port: 5 } });
    expect([closed, page.listeners.size]).toEqual([["close"], 0]);
  });
});

describe("onPortOffered", () => {
  test("says that the page takes ports, and gives each with who asked", () => {
    const page = new FakeWindow();
    const offered: unknown[] = [];
    const stop = onPortOffered(page, (port, identity) => offered.push([port, identity]));
    expect(page.posted).toEqual([DIRECT_LISTEN]);
    const port = new EventTarget();
    const offer = { type: DIRECT_OFFER, port: 3, role: 2, label: "preview window 2", more: "?" };
    page.tell({ data: offer, ports: [port] });
    expect(offered).toEqual([[port, { role: 2, label: "preview window 2" }]]);
    stop();
    page.tell({ data: offer, ports: [new EventTarget()] });
    expect(offered).toHaveLength(1);
  });

  test("does not hear rubbish, or another window", () => {
    const page = new FakeWindow();
    const offered: unknown[] = [];
    onPortOffered(page, (port) => offered.push(port));
    postRubbish(page, 1);
    const offer = { type: DIRECT_OFFER, port: 3, role: 2, label: "preview window 2" };
    page.tell({ source: {}, data: offer, ports: [new EventTarget()] });
    page.tell({ data: offer, ports: [] });
    for (const wrong of [
      { ...offer, role: "operator" },
      { ...offer, label: 7 },
      { ...offer, port: -1 },
    ]) {
      page.tell({ data: wrong, ports: [new EventTarget()] });
    }
    expect(offered).toEqual([]);
  });

  test("closes a port whose asker is gone", () => {
    const page = new FakeWindow();
    const closed: string[] = [];
    onPortOffered(page, (port) => {
      port.addEventListener("close", () => closed.push("closed"));
    });
    page.tell({ data: { type: DIRECT_OFFER, port: 3, role: 2, label: "" }, ports: [new EventTarget()] });
    page.tell({ data: { type: DIRECT_END, port: 3 } });
    expect(closed).toEqual(["closed"]);
  });
});
