/** A window of the stress test: connected and mirrored as the operator's, with commands from a clock instead of a hand. */
import { messagePortLink, requestPort } from "../../../src/links";
import { makeStore, mirrorInstrument, type PreviewSink, watchPreview } from "../../../src/mirror";
import { connectInstrument } from "../../../src/renderer/shared/connect-instrument";
import type { WindowOrder, WindowReport } from "../order";
import { CallEnds } from "./call-ends";
import { commandsOf } from "./commands";
import { Ledger } from "./ledger";

const TICK_MS = 8;
/** A window that has more unanswered does not send, and so does not reach its rate. */
const MOST_OPEN = 200;
/** For the last answers. */
const SETTLE_MS = 5000;
const PREVIEW = { maxWidthPx: 512, maxHeightPx: 512, maxRateHz: 30 };

const ends = new CallEnds();
const instrument = connectInstrument({
  openLink: async () => ends.watch(messagePortLink(await requestPort<MessagePort>(window))),
  label: "stress window",
  build: "macroscope stress window",
});
const store = makeStore({ clients: instrument.clients });
mirrorInstrument(store, instrument);

const until = async (done: () => boolean, deadlineMs: number) => {
  while (!done() && performance.now() < deadlineMs) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
};

function startPreview(): { stop(): void; counts(): Pick<WindowReport, "pictures" | "skipped"> } {
  let pictures = 0;
  let newest = 0n;
  const sink: PreviewSink = {
    show: (frame) => {
      if (frame.frameId <= newest) throw new Error("a picture older than the one before");
      newest = frame.frameId;
      pictures += 1;
      return Promise.resolve();
    },
  };
  let skipped: () => number = () => 0;
  const held = watchPreview(store, instrument.clients.camera, PREVIEW, sink, () => {
    const count = instrument.countSkips();
    skipped = () => count.skipped();
    return count;
  });
  return {
    stop: () => {
      held.stop();
    },
    counts: () => ({ pictures, skipped: skipped() }),
  };
}

async function work({ durationMs, commandsPerSecond, preview }: WindowOrder): Promise<WindowReport> {
  const most = Math.ceil((durationMs / 1000) * commandsPerSecond);
  const ledger = new Ledger(most);
  const commandOf = commandsOf(instrument);
  const shown = preview ? startPreview() : undefined;
  const start = performance.now();
  const send = () => {
    const number = ledger.send();
    const { kind, run } = commandOf(number);
    const sentMs = performance.now();
    run(number).then(
      () => {
        ledger.answer(kind, number, performance.now() - sentMs);
      },
      (error: unknown) => {
        ledger.fail(number, String(error));
      },
    );
  };
  let sent = 0;
  while (performance.now() - start < durationMs) {
    const due = Math.min(most, Math.floor(((performance.now() - start) / 1000) * commandsPerSecond));
    while (sent < due && ledger.open < MOST_OPEN) {
      send();
      sent += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await until(() => ledger.open === 0, performance.now() + SETTLE_MS);
  shown?.stop();
  return {
    ...ledger.account(),
    endedTwice: ends.twice,
    ...(shown?.counts() ?? { pictures: 0, skipped: 0 }),
    revision: "",
  };
}

/** The camera's revision in this window's mirror. */
const revision = () => store.getState().camera.current?.state.revision.toString() ?? "";

const ready = new Promise<void>((resolve) => {
  const look = () => {
    // The first search for cameras loads every vendor's library, which is not what is tested.
    if (revision() !== "" && store.getState().camera.listing !== null) resolve();
  };
  store.subscribe(look);
});

/** There because the application asks V8 for it. */
const collect = () => {
  (globalThis as { gc?: () => void }).gc?.();
};

declare global {
  interface Window {
    macroscopeStress: {
      /** Settles when the window sees the camera, and which there are. */
      readonly ready: Promise<void>;
      readonly work: (order: WindowOrder) => Promise<WindowReport>;
      readonly revision: () => string;
      /** Collects the garbage, so that memory that is used can be told from memory that was. */
      readonly collect: () => void;
    };
  }
}

window.macroscopeStress = { ready, work, revision, collect };
