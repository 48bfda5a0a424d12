/** The cases that the clients of both languages run; see test/vectors/conformance/README.md. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";

const folder = path.resolve(import.meta.dirname, "../vectors/conformance");

/** When something happens in a case. */
export interface Moment {
  /** This call of the case, by its place in the list. */
  readonly call: number;
  /** Once it has got so many answers; without it, once it has ended. */
  readonly answers?: number;
}

/** One call. */
export interface CaseCall {
  /** Of ConformanceService, as its schema writes it. */
  readonly method: string;
  /** What travels in the place of the method's path. */
  readonly path?: string;
  /** ProtoJSON. Labels are made the case's own by the client. */
  readonly request: JsonObject;
  /** Bytes of pattern in the request's `tail`. */
  readonly requestTailBytes?: number;
  /** Bytes of pattern in the request's `padding`. */
  readonly requestPaddingBytes?: number;
  /** Fields that the schema does not know, as hexadecimal, added to the request. */
  readonly unknownFields?: string;
  /** 0 asks for no deadline; without it the method's own counts. */
  readonly timeoutMs?: number;
  readonly metadata?: Record<string, string>;
  readonly credit?: { readonly messages: number; readonly bytes: number };
  /** A unary call is made so often, one after the other; what is seen is seen of the last. */
  readonly times?: number;
  /** By default the call begins when the one before has ended. */
  readonly start?: "alongside" | Moment;
  /** "before": the call is begun by a caller who has given up already. */
  readonly cancel?: "before" | "atOnce" | Moment;
  /** The answers of a stream are taken from then on; by default at once. */
  readonly take?: Moment;
  readonly expect: Expectation;
}

/** What has to come out of a call. What is not named may be anything. */
export interface Expectation {
  /** "OK" or one of the 16; "X or Y" where chance decides. */
  readonly code: string;
  /** Part of the error's sentence. */
  readonly message?: string;
  /** What must not stand in it. */
  readonly notInMessage?: string;
  /** The typed details, in order: each holds at least these fields. */
  readonly details?: readonly JsonObject[];
  /** How many answers. */
  readonly answers?: number;
  readonly answersAtLeast?: number;
  readonly answersAtMost?: number;
  /** The first and the last answer hold at least these fields. */
  readonly first?: JsonObject;
  readonly last?: JsonObject;
  /** The answers' indices: each one more than the one before, from 0; or only growing. */
  readonly order?: "complete" | "growing";
  /** Each answer has a payload, or a tail, of this length, with the right bytes. */
  readonly payloadBytes?: number;
  readonly tailBytes?: number;
  readonly skipped?: number;
  readonly skippedAtLeast?: number;
  /** Calls that end later than this one. */
  readonly endsBefore?: readonly number[];
  /** When this one ends, these calls have got fewer answers than so many. */
  readonly whileFewer?: Record<string, number>;
  readonly withinMs?: number;
  readonly notBeforeMs?: number;
}

/** How the client introduces itself. */
export interface CaseClient {
  /** What its hello asks for; by default the host. */
  readonly role?: string;
  /** What the connection is opened with; by default the host. */
  readonly connectionRole?: string;
  readonly major?: number;
  readonly minor?: number;
}

/** One case: calls on one connection. */
export interface ConformanceCase {
  readonly name: string;
  /** The protocol's minor version that it needs, where that is not 0. */
  readonly since?: number;
  readonly client?: CaseClient;
  readonly calls: readonly CaseCall[];
  /** How the connection fails; without it, it has to open. */
  readonly refused?: Expectation;
  /** What the server says of itself: the hello holds at least these fields. */
  readonly hello?: JsonObject;
}

/** A category: one file. */
export interface CaseFile {
  readonly category: string;
  readonly cases: readonly ConformanceCase[];
}

/** What a client saw of one call. */
export interface CallObservation {
  readonly code: string;
  readonly message: string;
  readonly details: readonly JsonValue[];
  readonly indices: readonly number[];
  /** Without payload and tail. */
  readonly first?: JsonObject;
  readonly last?: JsonObject;
  /** Different payloads and tails, by length and by whether the bytes are right. */
  readonly payloads: readonly Content[];
  readonly tails: readonly Content[];
  readonly skipped: number;
  readonly durationMs: number;
  /** The how-many-eth of the case's calls to end, from 0. */
  readonly endedAs: number;
  /** Answers that each call of the case had got when this one ended. */
  readonly answersThen: readonly number[];
}

/** A payload or a tail. */
export interface Content {
  readonly bytes: number;
  readonly right: boolean;
  /** Begins at a multiple of 16; only of tails. */
  readonly aligned?: boolean;
}

/** What a client saw of one case. */
export interface Observation {
  readonly name: string;
  readonly hello?: JsonObject;
  readonly refused?: Pick<CallObservation, "code" | "message" | "details" | "durationMs">;
  readonly calls: readonly CallObservation[];
  /** The client itself failed. */
  readonly fault?: string;
}

/** All cases, by category. */
export function caseFiles(): CaseFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => ({
      category: path.basename(name, ".json"),
      cases: JSON.parse(readFileSync(path.join(folder, name), "utf8")) as ConformanceCase[],
    }));
}
