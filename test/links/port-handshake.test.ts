import { describe, expect, test } from "vitest";
import { type HandshakeWindow, requestPort } from "../../src/links/port-handshake";
import { PORT_ANSWER, PORT_LOST, PORT_REQUEST } from "../../src/links/port-messages";

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

  tell(event: Partial<Told>): void {
    for (const listener of [...this.listeners]) listener({ data: PORT_ANSWER, source: this, ports: [], ...event });
  }
}

describe("requestPort", () => {
  test("asks, and takes the one port that answers", async () => {
    const page = new FakeWindow();
    const port = new EventTarget();
    const asked = requestPort(page);
    expect(page.posted).toEqual([PORT_REQUEST]);
    page.tell({ ports: [port] });
    expect(await asked).toBe(port);
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

  test("gives up with the signal's reason, and listens no more", async () => {
    const page = new FakeWindow();
    const abort = new AbortController();
    const asked = requestPort(page, abort.signal);
    abort.abort(new Error("the window closes"));
    await expect(asked).rejects.toThrow("the window closes");
    expect(page.listeners.size).toBe(0);
    await expect(requestPort(page, abort.signal)).rejects.toThrow("the window closes");
  });
});
