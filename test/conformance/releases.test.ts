import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { DescField } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EnvelopeSchema } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { session, type SessionCall } from "../vectors/session";
import { LANGUAGES, type Language, pythonModule, ServerProgram } from "./programs";
import { rawServer, RawPeer } from "./raw-peer";
import { recordings } from "./recording";
import { replayClient, replayServer } from "./replay";

const folder = mkdtempSync(path.join(tmpdir(), "macroscope-releases-"));
const servers: ServerProgram[] = [];
const cases = recordings();

beforeAll(async () => {
  const start = (language: Language) => ServerProgram.start(language, path.join(folder, `${language}.sock`));
  servers.push(...(await Promise.all(LANGUAGES.map(start))));
});

afterAll(() => {
  servers.forEach((server) => server.stop());
  rmSync(folder, { recursive: true });
});

describe("recordings", () => {
  it("are there for 1.0, of both languages on both sides", () => {
    const of = cases.filter(({ version }) => version === "1.0").map(({ client, server }) => `${client} ${server}`);
    expect(of.sort()).toEqual(["python python", "python typescript", "typescript python", "typescript typescript"]);
  });

  it.each(cases)("$version, $client client, $server server: holds all that was to be recorded", (recording) => {
    const said = recording.frames.map(({ from, bytes }) => ({ from, ...recording.schema.read(bytes) }));
    const kinds = (side: string) => new Set(said.filter(({ from }) => from === side).map(({ kind }) => kind));
    expect([...kinds("client")]).toEqual(
      expect.arrayContaining(["authenticate", "connectionOpen", "hello", "open", "credit", "cancel"]),
    );
    expect([...kinds("server")]).toEqual(expect.arrayContaining(["authenticated", "hello", "message", "status"]));
    expect([...kinds("client"), ...kinds("server")]).toEqual(expect.arrayContaining(["ping", "pong"]));
    const hellos = said.filter(({ kind }) => kind === "hello");
    expect(
      hellos.map(({ value }) => `1.${value.protocolMinor === undefined ? 0 : Number(value.protocolMinor)}`),
    ).toEqual([recording.version, recording.version]);
  });
});

/** A field of bytes and one of a number, with numbers that no schema has. */
const UNKNOWN = Buffer.from("f2ff7f036162638080f80101", "hex");

describe("unknown fields survive", () => {
  it.each(["hello", "message", "status"])("in a %s and its envelope", (kind) => {
    const { number, message } = EnvelopeSchema.fields.find(({ name }) => name === kind) as DescField & {
      fieldKind: "message";
    };
    const inner = toBinary(message, fromBinary(message, UNKNOWN));
    const bytes = Buffer.concat([Buffer.from([(number << 3) | 2, inner.length]), inner, UNKNOWN]);
    const again = Buffer.from(toBinary(EnvelopeSchema, fromBinary(EnvelopeSchema, bytes)));
    expect(again.toString("hex")).toBe(bytes.toString("hex"));
  });
});

describe.each(cases)("a client of $version ($client, recorded with a $server server)", (recording) => {
  it.each(LANGUAGES)("is served by today's %s server", async (language) => {
    const peer = await RawPeer.dial(path.join(folder, `${language}.sock`));
    try {
      expect(await replayClient(recording, peer)).toEqual([]);
    } finally {
      peer.close();
    }
  });
});

describe.concurrent.each(cases)("a server of $version ($server)", (recording) => {
  it(`serves today's ${recording.client} client`, async () => {
    const socketPath = path.join(folder, `${recording.client}-${recording.server}.sock`);
    const replayed = Promise.withResolvers<string[]>();
    const server = await rawServer(socketPath, (peer) => {
      replayServer(recording, peer).then(replayed.resolve, replayed.reject);
    });
    try {
      const calls = recording.client === "typescript" ? await session(socketPath) : await pythonSession(socketPath);
      expect(calls).toEqual(recording.calls);
      expect(await replayed.promise).toEqual([]);
    } finally {
      server.close();
    }
  });
});

async function pythonSession(socketPath: string): Promise<SessionCall[]> {
  const { program, args, cwd } = pythonModule("tests.conformance.session", [socketPath]);
  const { stdout } = await promisify(execFile)(program, args, { cwd });
  return JSON.parse(stdout) as SessionCall[];
}
