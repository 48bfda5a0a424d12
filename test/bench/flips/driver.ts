/** Put into the operator's page by the bench: asks for windows, regions and a test sweep over ports of the page's own. */
import { Direction } from "../../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import { RegionShape } from "../../../gen/ts/macroscope/imaging/v1/imaging_pb";
import { WindowKind } from "../../../gen/ts/macroscope/window/v1/window_pb";
import { messagePortLink, requestPort } from "../../../src/links";
import { connectInstrument } from "../../../src/renderer/shared/connect-instrument";

const label = "bench of flips";
const { clients } = connectInstrument({
  openLink: async () => messagePortLink(await requestPort<MessagePort>(window)),
  label,
  build: label,
});

const driver = {
  /** It fills a second display; on the operator's own it is a window. */
  openStimulus: async () => {
    await clients.window?.openWindow({ kind: WindowKind.STIMULUS });
  },
  /** The first shows the whole image, each other a region of its own. */
  openPreview: async (index: number) => {
    const id = index === 0 ? "" : `bench${index}`;
    if (id !== "") {
      const place = { xPx: 40 * index, yPx: 40 * index, widthPx: 300, heightPx: 300 };
      await clients.imaging.putRegion({
        region: { id, name: `Bench ${index}`, shape: RegionShape.RECTANGLE, colour: index, ...place },
      });
    }
    await clients.window?.openWindow({ kind: WindowKind.PREVIEW, regionId: id });
  },
  showTest: async () => {
    await clients.stimulus.showTest({ direction: Direction.LEFT_TO_RIGHT });
  },
  /** Preview pictures that the worker has sent, to all windows together. */
  picturesSent: async (): Promise<number> => {
    const { processes } = await clients.diagnostics.worker.getTraffic({});
    const methods = processes.filter(({ process }) => process === "worker").flatMap((process) => process.methods);
    return methods
      .filter(({ method }) => method.endsWith("/WatchPreview"))
      .reduce((sum, { messagesSent }) => sum + Number(messagesSent), 0);
  },
  /** What draws, how large, how often by the system, and how well its clock is known. */
  display: async () => {
    for await (const { state } of clients.stimulus.watchStimulus({})) {
      if (!state?.display) continue;
      const { renderer, widthPx, heightPx } = state.display;
      return {
        renderer,
        widthPx,
        heightPx,
        rateHz: state.scene?.display?.refreshRateHz,
        clockErrorMs: Number(state.figures?.clock?.errorNs ?? 0n) / 1e6,
      };
    }
    throw new Error("The stimulus is shown by nobody.");
  },
};

export type FlipsDriver = typeof driver;

(globalThis as { flipsDriver?: FlipsDriver }).flipsDriver = driver;
