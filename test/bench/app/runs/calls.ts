/** Calls with 64 bytes, one after the other. */
import { percentile } from "../../statistics";
import { inTurn, type Run } from "../run";

const CALLS = { calls: 1500 };

export const roundTrip: Run = {
  cases: ["round-trip", "round-trip-p99", "round-trip-tail"],
  warmUp: async (stage) => {
    const page = await stage.first();
    await page.ask("echoes", CALLS);
    await page.ask("bareEchoes", CALLS);
  },
  round: async (stage, round, add) => {
    const page = await stage.first();
    await inTurn(
      round,
      async () => {
        const times = await page.ask("echoes", CALLS);
        const [p50Us, p99Us] = [percentile(times, 0.5) * 1000, percentile(times, 0.99) * 1000];
        add("round-trip", "ours", p50Us);
        add("round-trip-p99", "ours", p99Us);
        add("round-trip-tail", "ours", p99Us);
        add("round-trip-tail", "reference", p50Us);
      },
      async () => {
        const times = await page.ask("bareEchoes", CALLS);
        add("round-trip", "reference", percentile(times, 0.5) * 1000);
        add("round-trip-p99", "reference", percentile(times, 0.99) * 1000);
      },
    );
  },
};
