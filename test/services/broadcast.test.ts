/** The worker's fate goes to every window that holds it open: the host knows how far each is, and drops one that is gone. */
import { create } from "@bufbuild/protobuf";
import { afterEach, describe, expect, it } from "vitest";
import {
  ApplicationService,
  WorkerPhase,
  type WorkerProcess,
  WorkerProcessSchema,
} from "../../gen/ts/macroscope/application/v1/application_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import {
  type Channel,
  CallLog,
  createChannel,
  createClient,
  createLinkPair,
  createServer,
  type Link,
} from "../../src/rpc";
import type { LogLine } from "../../src/rpc";
import { applicationService } from "../../src/services/application/application-service";
import { FakeClock } from "../rpc/support/fake-clock";

const WATCH = "/macroscope.application.v1.ApplicationService/WatchWorker";

/** The window's end of a link that can be stopped, as a window in its debugger is: it neither hears nor says anything. */
function freezable(link: Link): Link & { frozen: boolean } {
  const wrapped = {
    frozen: false,
    send: (frame: Parameters<Link["send"]>[0]) => {
      if (!wrapped.frozen) link.send(frame);
    },
    onFrame: (listener: Parameters<Link["onFrame"]>[0]) => {
      link.onFrame((frame) => {
        if (!wrapped.frozen) listener(frame);
      });
    },
    onClose: (listener: Parameters<Link["onClose"]>[0]) => {
      link.onClose(listener);
    },
    close: (reason: Parameters<Link["close"]>[0]) => {
      link.close(reason);
    },
  };
  return wrapped;
}

const channels: Channel[] = [];
afterEach(() => {
  for (const channel of channels.splice(0)) channel.close();
});

function setUp() {
  const clock = new FakeClock();
  const lines: LogLine[] = [];
  const log = new CallLog({ write: (line) => lines.push(line), isStream: () => true, clock });
  const listeners = new Set<(state: WorkerProcess) => void>();
  let state = create(WorkerProcessSchema, { revision: 1n, phase: WorkerPhase.RUNNING });
  const source = {
    get state() {
      return state;
    },
    subscribe: (listener: (now: WorkerProcess) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    startAgain: () => false,
  };
  const facts = { version: "", electronVersion: "", platform: "", schemaDigest: "", logDirectory: "" };
  const { onCall, onBehind } = log;
  const server = createServer({ build: "host", session: "s", epoch: 1n, clock, onCall, onBehind });
  server.register(ApplicationService, applicationService(facts, source));
  const publish = (revision: bigint) => {
    state = create(WorkerProcessSchema, { ...state, revision });
    for (const listener of listeners) listener(state);
  };
  const open = (label: string) => {
    const [near, far] = createLinkPair();
    server.accept(far, { role: Role.OPERATOR, label });
    const link = freezable(near);
    const channel = createChannel({ dial: () => link, label, role: Role.OPERATOR, build: "test", clock });
    channels.push(channel);
    const revisions: bigint[] = [];
    const read = async () => {
      for await (const { worker } of createClient(ApplicationService, channel.transport).watchWorker({})) {
        revisions.push(worker?.revision ?? 0n);
      }
    };
    read().catch(() => undefined);
    return { link, revisions };
  };
  const receiver = (label: string) => server.receivers().find((one) => one.label === label && one.method === WATCH);
  return { clock, lines, server, publish, open, receiver };
}

describe("a broadcast of the host", () => {
  it("knows what each window has; one that stopped is told of, then dropped with the reason; others are not disturbed", async () => {
    const { clock, lines, publish, open, receiver } = setUp();
    const first = open("window 1");
    const second = open("window 2");
    await clock.advance(10);
    expect([first.revisions, second.revisions]).toEqual([[1n], [1n]]);
    expect(receiver("window 2")).toMatchObject({ sentRevision: 1n, acknowledgedRevision: 1n, ended: false });

    second.link.frozen = true;
    for (const revision of [2n, 3n, 4n]) {
      publish(revision);
      await clock.advance(300);
    }
    expect(first.revisions).toEqual([1n, 2n, 3n, 4n]);
    expect(receiver("window 1")).toMatchObject({ acknowledgedRevision: 4n, behindMs: 0 });
    expect(receiver("window 2")).toMatchObject({ acknowledgedRevision: 1n, ended: false });
    expect(lines).toEqual([]);
    await clock.advance(200);
    expect(lines).toMatchObject([{ event: "receiver behind", peer: "window 2", acknowledged_revision: 1 }]);

    await clock.advance(6000);
    const gone = receiver("window 2");
    expect(gone).toMatchObject({ ended: true });
    expect(gone?.reason).not.toBe("");
    expect(lines.slice(1)).toMatchObject([
      { event: "call failed", peer: "window 2", method: WATCH, code: "UNAVAILABLE" },
    ]);
    publish(5n);
    await clock.advance(10);
    expect(first.revisions.at(-1)).toBe(5n);
    expect(receiver("window 1")).toMatchObject({ ended: false, acknowledgedRevision: 5n });
  });
});
