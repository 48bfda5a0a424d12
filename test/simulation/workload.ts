import { Code, ConnectError, createContextValues } from "@connectrpc/connect";
import { CameraService } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { ConformanceService } from "../../gen/ts/macroscope/conformance/v1/conformance_pb";
import { createClient, newStreamStats, streamCredit, streamStats } from "../../src/rpc";
import type { CreditWindow } from "../../src/rpc";
import type { WorldParts } from "./host-process";
import type { CallEntry, CallPlan } from "./ledger";
import { isPattern } from "./pattern";
import type { Random } from "./random";
import { LABEL_HEADER } from "./server-process";
import type { Target, WindowProcess } from "./window-process";

const MIB = 1024 * 1024;
const KINDS = {
  call: 30,
  callAgain: 30,
  callUrgently: 10,
  stream: 14,
  large: 2,
  preview: 5,
  hide: 6,
  redial: 1,
} as const;

/** What is asked of a stream's consumer. */
interface Taking {
  /** Between two messages; 0 takes at once. */
  readonly pauseMs: number;
  /** Leaves after so many; undefined stays to the end. */
  readonly leaveAfter: number | undefined;
}

/** What windows do: calls of all kinds, given up or not, and consumers that do not take. */
export class Workload {
  #calls = 0;
  /** Consumers no longer dawdle, and nothing new begins. */
  finishing = false;

  constructor(
    private readonly parts: WorldParts,
    /** Bytes that the world can carry in a second. */
    private readonly bytesPerS: number,
  ) {}

  /** Does one thing by chance. */
  act(window: WindowProcess, bare: boolean): void {
    const { random } = this.parts;
    const target: Target = bare || random.chance(0.8) ? "worker" : "host";
    const kind = random.weighted(KINDS);
    switch (kind) {
      case "call":
      case "callAgain":
      case "callUrgently":
        void this.#unary(window, target, kind);
        return;
      case "stream":
        void this.#stream(window, target, random.wholeMagnitude(1, 60), random.wholeMagnitude(10, 200_000));
        return;
      case "large":
        for (let count = random.whole(1, 4); count > 0; count--) {
          void this.#stream(window, target, random.whole(1, 2), random.whole(2 * MIB, 3 * MIB));
        }
        return;
      case "preview":
        void this.#preview(window, target);
        return;
      case "hide": {
        window.show(true);
        this.parts.trace.tally("workload: window hidden");
        this.parts.time.after(random.magnitude(50, 6_000), () => window.show(false));
        return;
      }
      case "redial":
        window.channels[target].redial();
    }
  }

  /** Watches a server's state for as long as the window lives, opening the stream again whenever it ended. */
  async watch(window: WindowProcess, target: Target): Promise<void> {
    const { trace } = this.parts;
    const channel = window.channels[target];
    const client = createClient(ConformanceService, channel.transport);
    while (!window.closed) {
      if (channel.state.phase !== "live") {
        await new Promise<void>((resolve) => {
          const leave = channel.subscribe(() => (leave(), resolve()));
        });
        continue;
      }
      const entry = this.#begin(window, target, "watch", true, 0);
      const epoch = channel.state.server?.epoch ?? 0n;
      const stats = newStreamStats();
      const contextValues = createContextValues().set(streamStats, stats);
      let last = 0n;
      try {
        const instructions = { label: entry.label, payloadBytes: 40 };
        for await (const { answer, revision } of client.watch({ instructions }, { contextValues })) {
          if (revision <= last) {
            this.#mistaken(`${entry.label} got revision ${revision} after ${last}.`);
          }
          last = revision;
          this.#checkCounted(entry, answer?.index ?? -1, stats.skipped);
          window.newest[target] = { epoch, revision };
          entry.taken += 1;
          await window.shown();
        }
        this.#end(entry, undefined);
      } catch (error) {
        this.#end(entry, error);
      }
      trace.tally("workload: watch ended");
      // A server that refuses at once must not be asked again without end in one moment.
      await window.sleep(20);
    }
  }

  async #unary(window: WindowProcess, target: Target, kind: "call" | "callAgain" | "callUrgently"): Promise<void> {
    const { random } = this.parts;
    const timeoutMs = random.chance(0.3) ? random.wholeMagnitude(5, 3_000) : undefined;
    const fails = random.chance(0.06);
    const entry = this.#begin(window, target, kind, kind !== "call", timeoutMs ?? 10_000, fails ? [Code.Aborted] : []);
    const payloadBytes = random.wholeMagnitude(1, 4_000);
    const padding = new Uint8Array(
      kind === "call" && random.chance(0.05) ? random.wholeMagnitude(1_000, 1_040_000) : 0,
    );
    const instructions = {
      label: entry.label,
      delayMs: random.chance(0.5) ? 0 : random.wholeMagnitude(1, 4_000),
      payloadBytes,
      ...(fails ? { failure: { code: Code.Aborted as number, message: "as asked" } } : {}),
    };
    const { signal } = this.#giveUp(entry, 0.12);
    const client = createClient(ConformanceService, window.channels[target].transport);
    const options = { signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
    try {
      const { answer } =
        kind === "call"
          ? await client.call({ instructions, padding }, options)
          : await client[kind]({ instructions }, options);
      entry.taken += 1;
      if (!isPattern(answer?.payload ?? new Uint8Array(0), payloadBytes, 0)) {
        this.#mistaken(`${entry.label} got another answer than was made for it.`);
      }
      this.#end(entry, undefined);
    } catch (error) {
      this.#end(entry, error);
    }
  }

  async #stream(window: WindowProcess, target: Target, wanted: number, tailBytes: number): Promise<void> {
    const { random } = this.parts;
    const answers = Math.max(1, Math.min(wanted, Math.floor(this.bytesPerS / tailBytes)));
    const fails = random.chance(0.1);
    const timeoutMs = random.chance(0.1) ? random.wholeMagnitude(50, 3_000) : undefined;
    const entry = this.#begin(window, target, "stream", true, timeoutMs ?? 0, fails ? [Code.Aborted] : []);
    const instructions = {
      label: entry.label,
      answers,
      tailBytes,
      pauseMs: random.chance(0.7) ? 0 : random.wholeMagnitude(1, 100),
      ...(fails ? { failure: { code: Code.Aborted as number, message: "as asked" } } : {}),
    };
    const { signal } = this.#giveUp(entry, 0.1);
    const credit: CreditWindow | undefined = random.chance(0.3)
      ? { messages: random.wholeMagnitude(1, 64), bytes: random.wholeMagnitude(1_000, 2 * MIB) }
      : undefined;
    const contextValues = createContextValues().set(streamCredit, credit);
    const client = createClient(ConformanceService, window.channels[target].transport);
    const taking = this.#taking(random);
    const options = { signal, contextValues, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
    let left = false;
    try {
      for await (const { answer, block } of client.stream({ instructions }, options)) {
        if (answer?.index !== entry.taken) {
          this.#mistaken(`${entry.label} got message ${answer?.index} in the place of ${entry.taken}.`);
        }
        if (!isPattern(block?.pixels ?? new Uint8Array(0), tailBytes, entry.taken)) {
          this.#mistaken(`${entry.label} got other bytes than were sent in message ${entry.taken}.`);
        }
        entry.taken += 1;
        left = await this.#leaves(window, entry, taking);
        if (left) {
          break;
        }
      }
      if (!left && entry.taken !== answers) {
        this.#mistaken(`${entry.label} ended well after ${entry.taken} of ${answers} messages.`);
      }
      this.#end(entry, undefined, left);
    } catch (error) {
      this.#end(entry, error);
    }
  }

  async #preview(window: WindowProcess, target: Target): Promise<void> {
    const { random } = this.parts;
    const entry = this.#begin(window, target, "preview", true, 0);
    const everyMs = random.wholeMagnitude(5, 200);
    const most = Math.max(16, Math.floor((this.bytesPerS * everyMs) / 4_000));
    const bytes = random.wholeMagnitude(16, Math.min(400_000, most));
    const stats = newStreamStats();
    const contextValues = createContextValues().set(streamStats, stats);
    const client = createClient(CameraService, window.channels[target].transport);
    const { signal } = this.#giveUp(entry, 1);
    const taking = this.#taking(random);
    const headers = { [LABEL_HEADER]: `${entry.label} ${everyMs} ${bytes}` };
    let left = false;
    try {
      for await (const { frame } of client.watchPreview({}, { contextValues, headers, signal })) {
        const index = Number(frame?.frameId ?? -1n);
        this.#checkCounted(entry, index, stats.skipped);
        if (!isPattern(frame?.pixels ?? new Uint8Array(0), bytes, index)) {
          this.#mistaken(`${entry.label} got other bytes than were sent in picture ${index}.`);
        }
        entry.taken += 1;
        left = await this.#leaves(window, entry, taking);
        if (left) {
          break;
        }
      }
      this.#end(entry, undefined, left);
    } catch (error) {
      this.#end(entry, error);
    }
  }

  /** Of a latest-wins stream each message was either sent or counted as skipped. */
  #checkCounted(entry: CallEntry, index: number, skipped: number): void {
    if (index !== entry.taken + skipped) {
      this.#mistaken(
        `${entry.label} got message ${index} after ${entry.taken} others and ${skipped} that were skipped.`,
      );
    }
    this.parts.trace.tally("outcome: skipped messages", skipped === 0 ? 0 : 1);
  }

  /** An answer is not what was sent. */
  #mistaken(sentence: string): void {
    const { falsified, object } = this.parts;
    if (!falsified.answers) {
      object(sentence);
    }
  }

  #taking(random: Random): Taking {
    return {
      pauseMs: random.chance(0.5) ? 0 : random.magnitude(1, 400),
      leaveAfter: random.chance(0.15) ? random.whole(1, 10) : undefined,
    };
  }

  /** The consumer after a message: it may pause, be hidden, or leave. */
  async #leaves(window: WindowProcess, entry: CallEntry, { pauseMs, leaveAfter }: Taking): Promise<boolean> {
    if (entry.taken === leaveAfter) {
      entry.abortedMs ??= this.parts.time.now();
      return true;
    }
    if (pauseMs > 0 && !this.finishing) {
      await window.sleep(pauseMs);
    }
    await window.shown();
    return false;
  }

  /** A signal that the caller may abort after a while. */
  #giveUp(entry: CallEntry, probability: number): AbortController {
    const { random, time } = this.parts;
    const controller = new AbortController();
    if (random.chance(probability)) {
      time.after(random.magnitude(1, 3_000), () => {
        if (entry.ends === 0 && !entry.orphaned) {
          entry.abortedMs = time.now();
          controller.abort();
        }
      });
    }
    return controller;
  }

  #begin(
    window: WindowProcess,
    target: Target,
    method: string,
    idempotent: boolean,
    deadlineMs: number,
    expected: Code[] = [],
  ): CallEntry {
    const { ledger, trace, time } = this.parts;
    const plan: CallPlan = {
      label: `${window.process.name}/${target}/${method}/${++this.#calls}`,
      method,
      idempotent,
      startedMs: time.now(),
      deadlineMs: deadlineMs === 0 ? undefined : deadlineMs,
      stalledMs: () => window.process.stalledMs,
      expected,
    };
    trace.add(`begin ${plan.label}`);
    trace.tally(`call: ${method}`);
    return ledger.begin(plan);
  }

  /** @param left - the consumer left before the end, so that it may be that no handler has answered. */
  #end(entry: CallEntry, error: unknown, left = false): void {
    const { ledger, trace } = this.parts;
    const code = error === undefined ? undefined : ConnectError.from(error).code;
    const name = code === undefined ? "ok" : Code[code];
    trace.add(`end ${entry.label} ${name} ${error instanceof Error ? error.message : ""}`);
    trace.tally(`outcome: ${name}`);
    ledger.end(entry, left ? Code.Canceled : code);
  }
}
