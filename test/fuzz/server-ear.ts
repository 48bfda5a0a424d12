import { Code, ConnectError } from "@connectrpc/connect";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { ConformanceService } from "../../gen/ts/macroscope/conformance/v1/conformance_pb";
import type { Instructions } from "../../gen/ts/macroscope/conformance/v1/conformance_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { createServer, protovalidator } from "../../src/rpc";
import type { Clock, Link } from "../../src/rpc";
import { patternBytes } from "../simulation/pattern";
import { inOrder, toldOfFrame } from "./told";
import type { Told } from "./told";

const MOST_ANSWERS = 50;
const validator = protovalidator();

/** Time stands still: only what is due at once happens. */
const stillClock: Clock = {
  now: () => 0,
  setTimeout: (callback, delayMs) => (delayMs <= 0 ? setImmediate(callback) : undefined),
  clearTimeout: () => undefined,
};

/** What a server does with these frames, a part for each: what it sends, and whether it closes. */
export async function heardByServer(frames: readonly Uint8Array[]): Promise<string> {
  let told: Told[] = [];
  let deliver: (frame: Uint8Array) => void = () => undefined;
  // An object, because the link changes it from within.
  const state = { closed: false };
  const link: Link = {
    send: (frame) => (state.closed ? undefined : told.push(...toldOfFrame(frame))),
    onFrame: (listener) => (deliver = listener),
    onClose: () => undefined,
    close: () => {
      if (!state.closed) {
        state.closed = true;
        told.push({ call: Number.POSITIVE_INFINITY, line: "closed" });
      }
    },
  };
  const server = createServer({
    build: "fuzzed",
    session: "s",
    epoch: 1n,
    clock: stillClock,
    validator,
    onHandlerError: () => undefined,
  });
  server.register(ConformanceService, handlers());
  server.accept(link, { role: Role.OPERATOR, label: "fuzz" });
  const parts: string[] = [];
  for (const frame of frames) {
    if (!state.closed) {
      deliver(frame.slice());
      await settled();
    }
    parts.push(inOrder(told));
    told = [];
  }
  server.close("over");
  await settled();
  return parts.join(" | ");
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** As python/tests/fuzz/server_ear.py: what takes time never happens. */
function handlers(): ServiceImpl<typeof ConformanceService> {
  const unary = async ({ instructions }: { instructions?: Instructions }, { signal }: HandlerContext) => {
    await held(instructions!, signal);
    fail(instructions!);
    return { answer: { payload: patternBytes(instructions!.payloadBytes, 0) } };
  };
  async function* stream(instructions: Instructions, { signal }: HandlerContext) {
    for (let index = 0; index < Math.min(instructions.answers, MOST_ANSWERS); index++) {
      yield { answer: { index }, tail: patternBytes(instructions.tailBytes, index), revision: BigInt(index + 1) };
    }
    await held(instructions, signal);
    fail(instructions);
  }
  return {
    call: unary,
    callAgain: unary,
    callAsOperator: unary,
    callAsHost: unary,
    callUrgently: unary,
    callBriefly: unary,
    async *stream({ instructions }, context) {
      for await (const { answer, tail } of stream(instructions!, context)) {
        yield { answer, block: { pixels: tail } };
      }
    },
    async *streamAsOperator({ instructions }, context) {
      for await (const { answer } of stream(instructions!, context)) {
        yield { answer };
      }
    },
    async *watch({ instructions }, context) {
      for await (const { answer, revision } of stream(instructions!, context)) {
        yield { answer, revision };
      }
    },
    report: () => Promise.resolve({}),
  };
}

function held({ delayMs, waitForEnd }: Instructions, signal: AbortSignal): Promise<void> {
  if (delayMs === 0 && !waitForEnd) {
    return Promise.resolve();
  }
  return new Promise((_, reject) => {
    const stop = () => reject(new ConnectError("It has ended.", Code.Canceled));
    if (signal.aborted) {
      stop();
    } else {
      signal.addEventListener("abort", stop);
    }
  });
}

function fail({ breakDown, failure }: Instructions): void {
  if (breakDown) {
    throw new Error("as asked");
  }
  if (failure !== undefined && failure.code !== 0) {
    throw new ConnectError(failure.message, failure.code as number);
  }
}
