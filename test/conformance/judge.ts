import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { CallObservation, ConformanceCase, Content, Expectation, Observation } from "./corpus";

/** Runs a case; one that is to be refused in time three times, of which the fastest counts: other programs have the processor, too. */
export async function observe(
  { refused }: Pick<ConformanceCase, "refused">,
  run: () => Promise<Observation>,
): Promise<Observation> {
  const seen = [await run()];
  while (refused?.withinMs !== undefined && seen.length < 3) {
    seen.push(await run());
  }
  return seen.sort((a, b) => (a.refused?.durationMs ?? 0) - (b.refused?.durationMs ?? 0))[0]!;
}

type Outcome = Pick<CallObservation, "code" | "message" | "details" | "durationMs">;

/** What is wrong with an observation; empty when it is as the case expects. */
export function judge(conformanceCase: ConformanceCase, seen: Observation): string[] {
  const { calls, refused, hello } = conformanceCase;
  if (seen.fault !== undefined) {
    return [`the client failed: ${seen.fault}`];
  }
  if (refused !== undefined) {
    return seen.refused === undefined ? ["the connection was not refused"] : outcomeFaults(refused, seen.refused);
  }
  if (seen.refused !== undefined) {
    return [`the connection was refused: ${seen.refused.code} ${seen.refused.message}`];
  }
  const faults = calls.flatMap(({ expect }, index) => {
    const call = seen.calls[index];
    const of = (fault: string) => `call ${index}: ${fault}`;
    return call === undefined ? [of("was not made")] : callFaults(expect, call, seen.calls).map(of);
  });
  return hello === undefined ? faults : [...faults, ...lacks("the hello", seen.hello ?? {}, hello)];
}

function callFaults(expect: Expectation, call: CallObservation, calls: readonly CallObservation[]): string[] {
  const { indices } = call;
  const faults = [
    ...outcomeFaults(expect, call),
    ...bound("answers", indices.length, expect.answers, expect.answers),
    ...bound("answers", indices.length, expect.answersAtLeast, expect.answersAtMost),
    ...bound("skipped", call.skipped, expect.skipped, expect.skipped),
    ...bound("skipped", call.skipped, expect.skippedAtLeast, undefined),
    ...(expect.first === undefined ? [] : lacks("the first answer", call.first ?? {}, expect.first)),
    ...(expect.last === undefined ? [] : lacks("the last answer", call.last ?? {}, expect.last)),
    ...(expect.payloadBytes === undefined ? [] : contentFaults("payload", call.payloads, expect.payloadBytes)),
    ...(expect.tailBytes === undefined ? [] : contentFaults("tail", call.tails, expect.tailBytes)),
  ];
  if (expect.order === "complete" && indices.some((value, place) => value !== place)) {
    faults.push(`the answers are not complete and in order: ${indices.slice(0, 20).join(", ")}`);
  }
  if (expect.order === "growing" && indices.some((value, place) => place > 0 && value <= indices[place - 1]!)) {
    faults.push(`the answers are out of order: ${indices.slice(0, 20).join(", ")}`);
  }
  for (const other of expect.endsBefore ?? []) {
    if (call.endedAs >= calls[other]!.endedAs) {
      faults.push(`ended after call ${other}`);
    }
  }
  for (const [other, fewer] of Object.entries(expect.whileFewer ?? {})) {
    const answers = call.answersThen[Number(other)]!;
    if (answers >= fewer) {
      faults.push(`call ${other} had got ${answers} answers by then, not fewer than ${fewer}`);
    }
  }
  return faults;
}

function outcomeFaults(expect: Expectation, seen: Outcome): string[] {
  const faults: string[] = [];
  if (!expect.code.split(" or ").includes(seen.code)) {
    faults.push(`ended with ${seen.code} "${seen.message}", not ${expect.code}`);
  }
  if (expect.message !== undefined && !seen.message.includes(expect.message)) {
    faults.push(`says "${seen.message}", without "${expect.message}"`);
  }
  if (expect.notInMessage !== undefined && seen.message.includes(expect.notInMessage)) {
    faults.push(`says "${seen.message}", with "${expect.notInMessage}"`);
  }
  if (expect.code !== "OK" && seen.message === "" && expect.message !== "") {
    faults.push("says nothing");
  }
  if (expect.details !== undefined) {
    faults.push(...bound("details", seen.details.length, expect.details.length, expect.details.length));
    expect.details.forEach((detail, place) =>
      faults.push(...lacks(`detail ${place}`, seen.details[place] ?? null, detail)),
    );
  }
  faults.push(...bound("ms", seen.durationMs, expect.notBeforeMs, expect.withinMs));
  return faults;
}

function bound(what: string, value: number, least: number | undefined, most: number | undefined): string[] {
  return [
    ...(least !== undefined && value < least ? [`${value} ${what}, fewer than ${least}`] : []),
    ...(most !== undefined && value > most ? [`${value} ${what}, more than ${most}`] : []),
  ];
}

function contentFaults(what: string, found: readonly Content[], bytes: number): string[] {
  return found.flatMap((content) => [
    ...(content.bytes === bytes ? [] : [`a ${what} of ${content.bytes} bytes, not ${bytes}`]),
    ...(content.right ? [] : [`a ${what} with wrong bytes`]),
    ...(content.aligned === false ? [`a ${what} that is not aligned`] : []),
  ]);
}

/** Where `value` does not hold all that `part` has. Lists are compared whole. */
export function lacks(what: string, value: JsonValue, part: JsonValue): string[] {
  if (Array.isArray(part)) {
    // A list that is not there is empty.
    if (value === null && part.length === 0) {
      return [];
    }
    return Array.isArray(value) && value.length === part.length
      ? part.flatMap((item, index) => lacks(`${what}[${index}]`, value[index]!, item))
      : [`${what} is ${text(value)}, not ${text(part)}`];
  }
  if (typeof part === "object" && part !== null) {
    return Object.entries(part).flatMap(([name, item]) =>
      lacks(`${what}.${name}`, (value as JsonObject | null)?.[name] ?? null, item),
    );
  }
  // A field that is not there has its default.
  const missing = value === null && (part === 0 || part === "" || part === false || part === "0");
  // Either of two, where it is chance which of the two ends was first.
  const either =
    typeof part === "string" && part.includes("|") && typeof value === "string" && part.split("|").includes(value);
  return value === part || missing || either ? [] : [`${what} is ${text(value)}, not ${text(part)}`];
}

function text(value: JsonValue): string {
  return JSON.stringify(value).slice(0, 300);
}
