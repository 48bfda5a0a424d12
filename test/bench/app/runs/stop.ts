/** How long a call as urgent as a stop takes while its own window is flooded. */
import type { StreamWork } from "../../page/actions";
import { percentile } from "../../statistics";
import { inTurn, type Run } from "../run";
import { BULK } from "./streams";

const PROBES = 250;

/** What a stream has on its way unless it asks for more: 1 MiB, here four frames of a window's size. */
const FRAMES = { bytes: 262_144, inFlight: 4 };

function stopRun(name: string, work: Omit<StreamWork, "messages">): Run {
  return {
    cases: [name, `${name}-answer`],
    warmUp: async (stage) => {
      await (await stage.first()).ask("probes", { ...work, probes: 30, flooded: true });
    },
    round: async (stage, round, add) => {
      const page = await stage.first();
      const measure = async (side: "ours" | "reference", flooded: boolean) => {
        const { handledMs, answeredMs } = await page.ask("probes", { ...work, probes: PROBES, flooded });
        add(name, side, percentile(handledMs, 0.99));
        add(`${name}-answer`, side, percentile(answeredMs, 0.99));
      };
      await inTurn(
        round,
        () => measure("ours", true),
        () => measure("reference", false),
      );
    },
  };
}

export const stopUnderFlood = stopRun("stop-under-flood", FRAMES);
export const stopUnderBulk = stopRun("stop-under-bulk", BULK);
