/** How long a call as urgent as a stop takes while its own window is flooded. */
import { percentile } from "../../statistics";
import { inTurn, type Run } from "../run";
import { BULK } from "./streams";

const PROBES = 250;

export const stopUnderFlood: Run = {
  cases: ["stop-under-flood", "stop-under-flood-answer"],
  warmUp: async (stage) => {
    await (await stage.first()).ask("probes", { ...BULK, probes: 30, flooded: true });
  },
  round: async (stage, round, add) => {
    const page = await stage.first();
    const measure = async (side: "ours" | "reference", flooded: boolean) => {
      const { handledMs, answeredMs } = await page.ask("probes", { ...BULK, probes: PROBES, flooded });
      add("stop-under-flood", side, percentile(handledMs, 0.99));
      add("stop-under-flood-answer", side, percentile(answeredMs, 0.99));
    };
    await inTurn(
      round,
      () => measure("ours", true),
      () => measure("reference", false),
    );
  },
};
