import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConformanceCase } from "./corpus";
import { exchanges, playToClient, playToServer } from "./exchange";
import { gapOf } from "./gaps";
import { judge, observe } from "./judge";
import { ClientProgram, LANGUAGES, ServerProgram } from "./programs";
import { RawPeer, rawServer } from "./raw-peer";

const folder = mkdtempSync(path.join(tmpdir(), "macroscope-exchanges-"));
const servers: ServerProgram[] = [];
const clients = LANGUAGES.map((language) => ({ language, program: new ClientProgram(language) }));

beforeAll(async () => {
  clients.forEach(({ program }) => program.start());
  const start = LANGUAGES.map((language) => ServerProgram.start(language, path.join(folder, `${language}.sock`)));
  servers.push(...(await Promise.all(start)));
});

afterAll(() => {
  clients.forEach(({ program }) => program.stop());
  servers.forEach((server) => server.stop());
  rmSync(folder, { recursive: true });
});

describe.each(LANGUAGES)("a script to the %s server", (language) => {
  for (const exchange of exchanges("server")) {
    const gap = gapOf({ server: language, category: "server", name: exchange.name });
    it(exchange.name, async ({ skip }) => {
      skip(gap !== undefined, gap);
      const peer = await RawPeer.dial(path.join(folder, `${language}.sock`));
      try {
        await playToServer(exchange, peer);
      } finally {
        peer.close();
      }
    });
  }
});

describe.each(clients)("a script to the $language client", ({ language, program }) => {
  for (const [index, exchange] of exchanges("client").entries()) {
    const gap = gapOf({ client: language, category: "client", name: exchange.name });
    it(exchange.name, async ({ skip }) => {
      skip(gap !== undefined, gap);
      const socketPath = path.join(folder, `${language}-${index}.sock`);
      const played: Promise<string>[] = [];
      const server = await rawServer(socketPath, (peer) => {
        const play = playToClient(exchange, peer).then(
          () => "as written",
          (error: unknown) => {
            peer.close();
            return String(error);
          },
        );
        played.push(play);
      });
      try {
        const task: ConformanceCase = { name: exchange.name, calls: [], ...exchange.client };
        const seen = await observe(task, () => program.run(socketPath, task));
        expect([await played[0], ...judge(task, seen)]).toEqual(["as written"]);
      } finally {
        server.close();
      }
    });
  }
});
