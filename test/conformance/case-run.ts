import { create, createRegistry, fromBinary, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import type { DescMessage, DescMethod, DescService, JsonObject, JsonValue, Message } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createContextValues } from "@connectrpc/connect";
import type { CallOptions } from "@connectrpc/connect";
import {
  type Answer,
  ConformanceService,
  file_macroscope_conformance_v1_conformance,
} from "../../gen/ts/macroscope/conformance/v1/conformance_pb";
import { file_macroscope_rpc_v1_errors } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { type Channel, createClient, newStreamStats, streamCredit, streamStats } from "../../src/rpc";
import type { CallObservation, CaseCall, Content, ConformanceCase, Moment } from "./corpus";
import { isPattern, pattern } from "./pattern";

const registry = createRegistry(file_macroscope_rpc_v1_errors, file_macroscope_conformance_v1_conformance);

/** An answer of any method of the service. */
interface AnyAnswer extends Message {
  readonly answer?: Answer;
  readonly tail?: Uint8Array;
  readonly block?: { readonly pixels: Uint8Array };
}

/** One call while it runs. */
interface Running {
  readonly begun: Promise<void>;
  readonly observation: Promise<CallObservation>;
}

/** Runs the calls of a case over a channel, and tells what it saw of each. */
export class CaseRun {
  readonly #channel: Channel;
  readonly #case: ConformanceCase;
  /** Makes the labels of this run its own. */
  readonly #prefix: string;
  readonly #answers: number[];
  readonly #over: boolean[];
  readonly #waiters = new Set<() => void>();
  #ended = 0;

  constructor(channel: Channel, conformanceCase: ConformanceCase, prefix: string) {
    this.#channel = channel;
    this.#case = conformanceCase;
    this.#prefix = prefix;
    this.#answers = conformanceCase.calls.map(() => 0);
    this.#over = conformanceCase.calls.map(() => false);
  }

  async run(): Promise<CallObservation[]> {
    const running: Running[] = [];
    for (const [index, call] of this.#case.calls.entries()) {
      const before = running.at(-1);
      if (call.start === undefined) {
        await before?.observation;
      } else if (call.start === "alongside") {
        await before?.begun;
      } else {
        await this.#moment(call.start);
      }
      running.push(this.#begin(call, index));
    }
    return Promise.all(running.map(({ observation }) => observation));
  }

  #begin(call: CaseCall, index: number): Running {
    let observation!: Promise<CallObservation>;
    const begun = new Promise<void>((resolve) => {
      observation = this.#observe(call, index, resolve);
    });
    return { begun, observation };
  }

  async #observe(call: CaseCall, index: number, begun: () => void): Promise<CallObservation> {
    const { service, method } = methodOf(call);
    const client = createClient(service, this.#channel.transport) as Record<
      string,
      (request: Message, options: CallOptions) => unknown
    >;
    const stats = newStreamStats();
    const controller = new AbortController();
    if (call.cancel === "before") {
      controller.abort();
    }
    const options: CallOptions = {
      signal: controller.signal,
      ...(call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs }),
      headers: call.metadata ?? {},
      contextValues: createContextValues().set(streamStats, stats).set(streamCredit, call.credit),
    };
    const seen: AnyAnswer[] = [];
    const taken = (answer: AnyAnswer) => {
      seen.push(answer);
      this.#answers[index] = seen.length;
      this.#wake();
    };
    const since = performance.now();
    let error: ConnectError | undefined;
    try {
      const make = () => client[method.localName]!(this.#request(call, method.input), options);
      for (let time = 1; time < (call.times ?? 1); time++) {
        await make();
      }
      const answer = make();
      void this.#cancelLater(call, controller);
      if (method.methodKind === "unary") {
        // What the client sends leaves in this turn; what runs alongside may begin in the next.
        setTimeout(begun, 0);
        taken((await answer) as AnyAnswer);
      } else {
        setTimeout(begun, 0);
        if (call.take !== undefined) {
          await this.#moment(call.take);
        }
        for await (const next of answer as AsyncIterable<AnyAnswer>) {
          taken(next);
        }
      }
    } catch (thrown) {
      error = ConnectError.from(thrown);
    }
    begun();
    const durationMs = performance.now() - since;
    const endedAs = this.#ended++;
    const answersThen = [...this.#answers];
    this.#over[index] = true;
    this.#wake();
    const { skipped } = stats;
    return { ...outcome(error), ...contents(method, seen), skipped, durationMs, endedAs, answersThen };
  }

  async #cancelLater({ cancel }: CaseCall, controller: AbortController): Promise<void> {
    if (cancel === "atOnce") {
      controller.abort();
    } else if (typeof cancel === "object") {
      await this.#moment(cancel);
      controller.abort();
    }
  }

  async #moment({ call, answers }: Moment): Promise<void> {
    const come = () => this.#over[call] === true || (answers !== undefined && (this.#answers[call] ?? 0) >= answers);
    while (!come()) {
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
  }

  #wake(): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    waiters.forEach((resolve) => resolve());
  }

  #request(call: CaseCall, input: DescMessage): Message {
    const plain = fromJson(input, this.#labelled(call.request) as JsonObject, { registry });
    const request = create(input, {
      ...plain,
      ...(call.requestTailBytes === undefined ? {} : { tail: pattern(call.requestTailBytes) }),
      ...(call.requestPaddingBytes === undefined ? {} : { padding: pattern(call.requestPaddingBytes) }),
    });
    const unknown = Uint8Array.from(Buffer.from(call.unknownFields ?? "", "hex"));
    return unknown.length === 0 ? request : fromBinary(input, Buffer.concat([toBinary(input, request), unknown]));
  }

  #labelled(value: JsonValue): JsonValue {
    if (Array.isArray(value)) {
      return value.map((item) => this.#labelled(item));
    }
    if (typeof value !== "object" || value === null) {
      return value;
    }
    const entries = Object.entries(value).map(([name, item]) =>
      name === "label" && typeof item === "string" && item !== ""
        ? [name, `${this.#prefix}/${item}`]
        : [name, this.#labelled(item)],
    );
    return Object.fromEntries(entries) as JsonObject;
  }
}

/** The method of a call, under another path where the case says so. */
function methodOf({ method: name, path }: CaseCall): { service: DescService; method: DescMethod } {
  const method = ConformanceService.methods.find((candidate) => candidate.name === name);
  if (method === undefined) {
    throw new Error(`ConformanceService has no method ${name}.`);
  }
  if (path === undefined) {
    return { service: ConformanceService, method };
  }
  const [, typeName = "", otherName = ""] = path.split("/");
  const service: DescService = { ...ConformanceService, typeName, methods: [], method: {} };
  const other = { ...method, name: otherName, parent: service } as DescMethod;
  service.methods.push(other);
  return { service, method: other };
}

/** How something ended, as it stands in an observation. */
export function outcome(error: ConnectError | undefined): Pick<CallObservation, "code" | "message" | "details"> {
  if (error === undefined) {
    return { code: "OK", message: "", details: [] };
  }
  const details = error.details.map((detail) => {
    const [type, value] =
      "desc" in detail
        ? [detail.desc.typeName, toBinary(detail.desc, create(detail.desc, detail.value))]
        : [detail.type, detail.value];
    return toJson(AnySchema, create(AnySchema, { typeUrl: `type.googleapis.com/${type}`, value }), { registry });
  });
  const name = Code[error.code].replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  return { code: name, message: error.rawMessage, details };
}

function contents(method: DescMethod, seen: readonly AnyAnswer[]) {
  const json = (answer: AnyAnswer | undefined) => (answer === undefined ? {} : plainJson(method.output, answer));
  return {
    indices: seen.map(({ answer }) => answer?.index ?? 0),
    ...(seen.length === 0 ? {} : { first: json(seen[0]), last: json(seen.at(-1)) }),
    payloads: distinct(seen.map(({ answer }) => content(answer?.payload ?? new Uint8Array(0), answer?.index ?? 0))),
    tails: distinct(
      seen.map(({ answer, tail, block }) => {
        const bytes = tail ?? block?.pixels ?? new Uint8Array(0);
        const aligned = bytes.length === 0 || bytes.byteOffset % 16 === 0;
        return { ...content(bytes, answer?.index ?? 0), aligned };
      }),
    ),
  };
}

function plainJson(output: DescMessage, answer: AnyAnswer): JsonObject {
  const lean = { ...answer };
  if (lean.answer !== undefined) {
    Object.assign(lean, { answer: { ...lean.answer, payload: new Uint8Array(0) } });
  }
  if (lean.tail !== undefined) {
    Object.assign(lean, { tail: new Uint8Array(0) });
  }
  if (lean.block !== undefined) {
    Object.assign(lean, { block: { ...lean.block, pixels: new Uint8Array(0) } });
  }
  return toJson(output, lean, { registry }) as JsonObject;
}

function content(bytes: Uint8Array, shift: number): Content {
  return { bytes: bytes.length, right: isPattern(bytes, shift) };
}

function distinct(list: readonly Content[]): Content[] {
  return [...new Map(list.map((item) => [JSON.stringify(item), item])).values()];
}
