/** What is on the glass, told by the stimulus window itself over a port between the two windows. */
import type { Glass } from "../../../../../gen/ts/macroscope/stimulus/v1/display_pb";
import { StimulusDisplayService } from "../../../../../gen/ts/macroscope/stimulus/v1/display_pb";
import { Role } from "../../../../../gen/ts/macroscope/rpc/v1/options_pb";
import { messagePortLink, requestPort } from "../../../../links";
import { keepStream } from "../../../../mirror";
import { createChannel, createClient } from "../../../../rpc";

/** A person sees no more. */
const MOST_RATE_HZ = 20;
/** The other window answers at once, or main says that there is none. */
const PORT_WITHIN_MS = 10_000;

/** Watches the glass until the returned function is called. `onGlass` is told undefined when the other window is gone. */
export type WatchGlass = (onGlass: (glass: Glass | undefined) => void) => () => void;

/** By a direct port to the stimulus window; it is asked for again whenever it is lost. */
export const watchGlassByPort: WatchGlass = (onGlass) => {
  const channel = createChannel({
    dial: async () =>
      messagePortLink(await requestPort<MessagePort>(window, AbortSignal.timeout(PORT_WITHIN_MS), { to: "stimulus" })),
    label: "schematic of the stimulus",
    role: Role.VIEWER,
    build: "macroscope operator window",
  });
  const client = createClient(StimulusDisplayService, channel.transport);
  const stream = keepStream({
    open: (signal) => client.watchGlass({ maxRateHz: MOST_RATE_HZ }, { signal }),
    take: ({ glass }) => onGlass(glass),
    down: () => onGlass(undefined),
  });
  const stopWaking = channel.subscribe(() => {
    if (channel.state.phase === "live") stream.wake();
  });
  return () => {
    stopWaking();
    stream.stop();
    channel.close();
  };
};
