import { Lane } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { Connection } from "../../src/rpc";
import type { ConnectionEvent } from "../../src/rpc";
import { inOrder, toldOfFrame } from "./told";
import type { Told } from "./told";

/** Numbers are not exact beyond. */
const EXACT_TO = 2 ** 53;

/** The calls that are open when the frames come; as in python/tests/fuzz/client_ear.py. */
const CALLS = [
  { method: "/macroscope.conformance.v1.ConformanceService/Call", lane: Lane.COMMAND, stream: false },
  { method: "/macroscope.conformance.v1.ConformanceService/Stream", lane: Lane.FRAME, stream: true },
  {
    method: "/macroscope.conformance.v1.ConformanceService/Stream",
    lane: Lane.FRAME,
    stream: true,
    credit: { messages: 1_000, bytes: 1_000_000 },
  },
  { method: "/macroscope.conformance.v1.ConformanceService/Call", lane: Lane.COMMAND, stream: false },
] as const;

/** What a client with calls open does with these frames: what it tells of, what it sends, and whether it closes. The first frame should be a hello. */
export function heardByClient(frames: readonly Uint8Array[]): string {
  const connection = new Connection({ side: "client", introduction: { build: "fuzzed", label: "fuzz" }, now: 0 });
  connection.takeFrames();
  let called = false;
  const parts: string[] = [];
  for (const frame of frames) {
    const told = connection.receive(frame.slice(), 0).flatMap(toldOfEvent);
    if (!called && connection.state === "open") {
      called = true;
      told.push(...connection.takeFrames().flatMap(toldOfFrame));
      CALLS.forEach((call) => connection.startCall({ ...call, message: new Uint8Array(2) }, 0));
      connection.takeFrames();
    }
    told.push(...connection.takeFrames().flatMap(toldOfFrame));
    told.push(...connection.takeEvents().flatMap(toldOfEvent));
    parts.push(inOrder(told));
  }
  return parts.join(" | ");
}

function toldOfEvent(event: ConnectionEvent): Told[] {
  switch (event.type) {
    case "message":
      return [
        {
          call: event.call.number,
          line: `got ${event.message.length} ${event.tail.length} ${Math.min(event.skipped, EXACT_TO)}`,
        },
      ];
    case "ended":
      return [{ call: event.call.number, line: `ended ${event.error === undefined ? 0 : event.error.code}` }];
    case "opened":
      return [{ call: 0, line: "opened" }];
    case "draining":
      return [{ call: 0, line: "draining" }];
    case "closed":
      return [{ call: Number.POSITIVE_INFINITY, line: `closed ${event.reason.code}` }];
    default:
      return [];
  }
}
