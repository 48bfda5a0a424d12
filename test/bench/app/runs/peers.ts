/** Other ways from Python to a window, doing the same work. */
import path from "node:path";
import { ipcMain } from "electron";
import { percentile } from "../../statistics";
import type { PeerName, StreamWork } from "../../page/actions";
import { fileMappingPeer } from "../peers/file-mapping";
import { grpcPeer } from "../peers/grpc";
import { jsonPeer } from "../peers/json";
import type { Peer } from "../peers/peer";
import type { PeerPython } from "../peers/python";
import { websocketPeer } from "../peers/websocket";
import { inTurn, type Run } from "../run";
import { BULK } from "./streams";

const CALLS = { calls: 800 };

/** How many frames each sends in about half a second here. */
const MESSAGES: Readonly<Record<PeerName, number>> = { "file-mapping": 100, grpc: 100, json: 20, websocket: 300 };

function peerRun(peer: PeerName, make: () => Peer): Run {
  const work: StreamWork = { ...BULK, messages: MESSAGES[peer] };
  const stream = `peer-${peer}`;
  const calls = `peer-${peer}-round-trip`;
  const made = make();
  const hasCalls = peer !== "file-mapping";
  return {
    cases: hasCalls ? [stream, calls] : [stream],
    warmUp: async (stage) => {
      const page = await stage.first();
      ipcMain.handle(`peer:stream:${peer}`, (_event, asked: StreamWork) => made.stream?.(asked));
      ipcMain.handle(`peer:echo:${peer}`, (_event, payload: unknown) => made.echo?.(payload));
      ipcMain.handle(`peer:fetch:${peer}`, (_event, slot: number) => made.fetch?.(slot));
      ipcMain.handle(`peer:address:${peer}`, () => made.address);
      ipcMain.on(`peer:taken:${peer}`, (_event, slot: number) => made.taken?.(slot));
      await made.start(page);
      await page.ask("flood", { target: "worker", ...BULK });
      await page.ask("peerStream", { peer, ...work });
      if (hasCalls) {
        await page.ask("echoes", CALLS);
        await page.ask("peerEchoes", { peer, ...CALLS });
      }
    },
    round: async (stage, round, add) => {
      const page = await stage.first();
      await inTurn(
        round,
        async () => {
          add(stream, "ours", await page.ask("flood", { target: "worker", ...BULK }));
          if (hasCalls) add(calls, "ours", percentile(await page.ask("echoes", CALLS), 0.5) * 1000);
        },
        async () => {
          add(stream, "reference", await page.ask("peerStream", { peer, ...work }));
          if (!hasCalls) return;
          add(calls, "reference", percentile(await page.ask("peerEchoes", { peer, ...CALLS }), 0.5) * 1000);
        },
      );
    },
    close: () => {
      made.close();
    },
  };
}

/**
 * A run for each peer.
 *
 * @param root - the checkout.
 * @param python - the Python that has the peers' packages.
 */
export function peerRuns(root: string, python: string): readonly Run[] {
  const where: PeerPython = { python, directory: path.join(root, "test/bench/peers") };
  return [
    peerRun("file-mapping", () => fileMappingPeer(where, BULK.bytes)),
    peerRun("grpc", () => grpcPeer(where)),
    peerRun("websocket", () => websocketPeer(where)),
    peerRun("json", () => jsonPeer(where)),
  ];
}
