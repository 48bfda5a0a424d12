/** Streams of 1 MiB messages to one window. */
import type { StreamWork } from "../../page/actions";
import { inTurn, type Run } from "../run";

/** As many as take half a second; four on their way. */
export const BULK: StreamWork = { messages: 300, bytes: 1_048_576, inFlight: 4 };

export const hostToWindow: Run = {
  cases: ["host-to-window"],
  warmUp: async (stage) => {
    const page = await stage.first();
    await page.ask("flood", { target: "host", ...BULK });
    await page.ask("bareStream", { kind: "hop", ...BULK });
  },
  round: async (stage, round, add) => {
    const page = await stage.first();
    await inTurn(
      round,
      async () => {
        add("host-to-window", "ours", await page.ask("flood", { target: "host", ...BULK }));
      },
      async () => {
        add("host-to-window", "reference", await page.ask("bareStream", { kind: "hop", ...BULK }));
      },
    );
  },
};

export const workerToWindow: Run = {
  cases: ["worker-to-window", "worker-to-window-unread", "worker-to-window-chain"],
  warmUp: async (stage) => {
    const page = await stage.first();
    await page.ask("flood", { target: "worker", ...BULK });
    await page.ask("bareStream", { kind: "chain", ...BULK });
  },
  round: async (stage, round, add) => {
    const page = await stage.first();
    await inTurn(
      round,
      async () => {
        const rate = await page.ask("flood", { target: "worker", ...BULK });
        add("worker-to-window", "ours", rate);
        add("worker-to-window-unread", "ours", rate);
        add("worker-to-window-chain", "ours", rate);
      },
      async () => {
        add("worker-to-window", "reference", await page.ask("bareStream", { kind: "hop", ...BULK }));
        const unread = await page.ask("bareStream", { kind: "hop", unread: true, ...BULK });
        add("worker-to-window-unread", "reference", unread);
        add("worker-to-window-chain", "reference", await page.ask("bareStream", { kind: "chain", ...BULK }));
      },
    );
  },
};
