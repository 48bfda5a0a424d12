/** Whether a message of a stream costs the same, and leaves nothing behind, when there are ten times as many. */
import { residentMb } from "../process-figures";
import { inTurn, type Run } from "../run";
import type { Stage } from "../stage";

const FEW = { bytes: 16_384, messages: 3000, inFlight: 16 };
const MANY = { ...FEW, messages: 10 * FEW.messages };

async function memory(stage: Stage): Promise<number> {
  const [host, worker] = [await residentMb(stage.hostPid), await residentMb(await stage.workerPid())];
  return host === undefined || worker === undefined ? Number.NaN : host + worker;
}

export const growthMessages: Run = {
  cases: ["growth-messages", "growth-messages-memory"],
  warmUp: async (stage) => {
    await (await stage.first()).ask("flood", { target: "worker", ...MANY });
  },
  round: async (stage, round, add) => {
    const page = await stage.first();
    const measure = async (side: "ours" | "reference", work: typeof FEW) => {
      const before = await memory(stage);
      const rate = await page.ask("flood", { target: "worker", ...work });
      const grownMb = (await memory(stage)) - before;
      add("growth-messages", side, work.bytes / rate);
      if (Number.isFinite(grownMb)) add("growth-messages-memory", side, grownMb);
    };
    await inTurn(
      round,
      () => measure("ours", MANY),
      () => measure("reference", FEW),
    );
  },
};
