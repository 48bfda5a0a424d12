import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import {
  type Answer,
  AnswerSchema,
  type ConformanceService,
  HandlerEnd,
  type Instructions,
} from "../../gen/ts/macroscope/conformance/v1/conformance_pb";
import { CallReports } from "./call-reports";
import { pattern } from "./pattern";

/** A handler that is stopped so close to its deadline was stopped by it. */
const CLOSE_TO_DEADLINE_MS = 20;

interface Request {
  readonly instructions?: Instructions | undefined;
  readonly tail?: Uint8Array;
}

interface Made {
  readonly answer: Answer;
  readonly tail: Uint8Array<ArrayBuffer>;
}

/** Does what its requests say, and keeps what its handlers saw. */
export function conformanceService(): ServiceImpl<typeof ConformanceService> {
  const reports = new CallReports();

  async function* follow(request: Request, context: HandlerContext, answers: number): AsyncGenerator<Made, void> {
    const instructions = request.instructions!;
    const { signal } = context;
    const { report, attempt } = reports.begin(instructions.label);
    const timeLeftMs = Math.max(0, Math.round(context.timeoutMs() ?? 0));
    let finished = false;
    try {
      if (attempt <= instructions.failFirst) {
        finished = true;
        throw new ConnectError(`Told to fail the first ${instructions.failFirst} calls.`, Code.Unavailable);
      }
      await pause(instructions.delayMs, signal);
      for (let index = 0; index < answers; index++) {
        if (index > 0) {
          await pause(instructions.pauseMs, signal);
        }
        reports.made(report);
        yield {
          answer: answerOf(request, instructions, context, { index, attempt, timeLeftMs }),
          tail: pattern(instructions.tailBytes, index),
        };
      }
      if (instructions.waitForEnd) {
        await ended(signal);
      }
      finished = true;
      fail(instructions);
    } finally {
      // Both ends keep the deadline: when the client's word comes first, the handler is told of a cancellation.
      const late = (context.timeoutMs() ?? Infinity) <= CLOSE_TO_DEADLINE_MS;
      const stopped = late ? HandlerEnd.DEADLINE : HandlerEnd.CANCELED;
      reports.end(report, finished ? HandlerEnd.FINISHED : stopped);
    }
  }

  /** The handler of a unary method. It ends before its answer leaves, so that its report is true by then. */
  async function one(request: Request, context: HandlerContext): Promise<Made> {
    let made: Made | undefined;
    for await (const next of follow(request, context, 1)) {
      made = next;
    }
    return made!;
  }

  const answerOnly = async (request: Request, context: HandlerContext) => ({
    answer: (await one(request, context)).answer,
  });

  return {
    call: one,
    callAgain: answerOnly,
    callAsOperator: answerOnly,
    callAsHost: answerOnly,
    callUrgently: answerOnly,
    callBriefly: answerOnly,
    async *stream(request, context) {
      for await (const { answer, tail } of follow(request, context, request.instructions!.answers)) {
        yield { answer, block: { rows: 1, pixels: tail } };
      }
    },
    async *streamAsOperator(request, context) {
      for await (const { answer } of follow(request, context, request.instructions!.answers)) {
        yield { answer };
      }
    },
    async *watch(request, context) {
      for await (const { answer } of follow(request, context, request.instructions!.answers)) {
        yield { answer, revision: BigInt(answer.index + 1) };
      }
    },
    async report({ label, ended: endedCalls, made }, { signal }) {
      await reports.until(label, endedCalls, made, signal);
      return { calls: reports.of(label) };
    },
  };
}

function answerOf(
  request: Request,
  { payloadBytes }: Instructions,
  { requestHeader }: HandlerContext,
  facts: { index: number; attempt: number; timeLeftMs: number },
): Answer {
  const tail = request.tail ?? new Uint8Array(0);
  return create(AnswerSchema, {
    ...facts,
    payload: pattern(payloadBytes, facts.index),
    metadata: Object.fromEntries([...requestHeader].filter(([name]) => name.startsWith("x-"))),
    tailBytes: tail.length,
    tailSum: BigInt(tail.reduce((sum, byte) => sum + byte, 0)),
  });
}

function fail({ breakDown, failure }: Instructions): void {
  if (breakDown) {
    throw new Error("the secret of the handler");
  }
  if (failure !== undefined && failure.code !== 0) {
    const error = new ConnectError(failure.message, failure.code as number);
    error.details = failure.details.map(({ typeUrl, value }) => ({
      type: typeUrl.slice(typeUrl.lastIndexOf("/") + 1),
      value,
    }));
    throw error;
  }
}

/** Waits; rejects when the call is ended from outside. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0) {
    return Promise.resolve();
  }
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(ConnectError.from(signal.reason));
    });
  });
}

function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(ConnectError.from(signal.reason));
    if (signal.aborted) {
      stop();
    } else {
      signal.addEventListener("abort", stop);
    }
  });
}
