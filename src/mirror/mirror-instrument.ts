/** Starts everything that keeps a window's mirror up to date, the preview excepted: its size is the window's business. */
import { listCameras } from "./commands";
import { hostAbsent } from "./connection-slice";
import type { Instrument } from "./instrument";
import { judgeDrafts } from "./judge-drafts";
import type { MirrorStore } from "./make-store";
import { listRuns } from "./run-commands";
import { watchAcquisition } from "./watch-acquisition";
import { watchCamera } from "./watch-camera";
import { watchChannel } from "./watch-channel";
import { watchConfiguration } from "./watch-configuration";
import { watchHardware } from "./watch-hardware";
import { watchNotifications } from "./watch-notifications";
import { watchRegions } from "./watch-regions";
import { watchWindows } from "./watch-windows";
import { watchStimulus } from "./watch-stimulus";
import { runDirectory, watchRuns } from "./watch-runs";
import { watchWorker } from "./watch-worker";
import { watchWorkflow } from "./watch-workflow";
import { windowsAbsent } from "./windows-slice";

/** Mirrors the instrument into the store until the returned function is called. */
export function mirrorInstrument(store: MirrorStore, instrument: Instrument): () => void {
  const { clients, channels } = instrument;
  const stopHost = mirrorHost(store, instrument);
  const stopMain = mirrorMain(store, instrument);
  const stopChannel = watchChannel(store, "worker", channels.worker);
  const stopJudging = judgeDrafts(store, clients.configuration);
  const ofWorker = [
    watchCamera(store, clients.camera),
    watchAcquisition(store, clients.acquisition),
    watchHardware(store, clients.monitoring),
    watchWorkflow(store, clients.workflow),
    watchNotifications(store, clients.notification),
    watchConfiguration(store, clients.configuration),
    watchStimulus(store, clients.stimulus),
    watchRegions(store, clients.imaging),
  ];

  // A worker that has come (back) is asked at once, instead of at the end of a pause; it may know other cameras than the one before.
  let heardEpoch: bigint | undefined;
  let wasLive = false;
  const greet = () => {
    const { phase, server } = channels.worker.state;
    const isBack = phase === "live" && !wasLive;
    wasLive = phase === "live";
    // The same worker over another connection too: until its streams are open again, what is shown is as old as the loss, and looks new.
    if (isBack) for (const stream of ofWorker) stream.wake();
    if (phase !== "live" || (!isBack && server?.epoch === heardEpoch)) return;
    heardEpoch = server?.epoch;
    // Over another connection too: the answers may have been lost with the one before.
    void store.dispatch(listCameras({ rescan: false }));
    void store.dispatch(listRuns(runDirectory(store.getState())));
  };
  greet();
  const stopGreeting = channels.worker.subscribe(greet);
  const stopRuns = watchRuns(store);

  return () => {
    stopGreeting();
    stopRuns();
    stopJudging();
    stopHost();
    stopMain();
    stopChannel();
    for (const stream of ofWorker) stream.stop();
  };
}

/** What main knows: windows and displays. Returns the function that stops it. */
function mirrorMain(store: MirrorStore, { clients, channels: { main } }: Instrument): () => void {
  if (main === undefined || clients.window === undefined) {
    store.dispatch(windowsAbsent());
    return () => undefined;
  }
  const stream = watchWindows(store, clients.window, main);
  const stopWake = main.subscribe(() => {
    if (main.state.phase === "live") stream.wake();
  });
  return () => {
    stopWake();
    stream.stop();
  };
}

/** What the host knows: its channel, and the worker as a process. Returns the function that stops it. */
function mirrorHost(store: MirrorStore, { clients, channels }: Instrument): () => void {
  const { host, worker } = channels;
  if (host === undefined || clients.application === undefined) {
    store.dispatch(hostAbsent());
    return () => undefined;
  }
  const stopChannel = watchChannel(store, "host", host);
  const stream = watchWorker(store, clients.application, () => {
    // The channel need not sit out its pause: there is somebody to talk to now.
    if (worker.state.phase === "lost") worker.redial();
  });
  const stopWake = host.subscribe(() => {
    if (host.state.phase === "live") stream.wake();
  });
  return () => {
    stopWake();
    stopChannel();
    stream.stop();
  };
}
