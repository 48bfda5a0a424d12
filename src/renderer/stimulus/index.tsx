/** The stimulus window's entry: connects, draws, and serves whoever wants to know what is on the glass. */
import "./stimulus.css";
import { StimulusDisplayService } from "../../../gen/ts/macroscope/stimulus/v1/display_pb";
import { messagePortLink, onPortOffered, requestPort } from "../../links";
import { createServer, protovalidator } from "../../rpc";
import { connectInstrument } from "../shared/connect-instrument";
import { readConnectSettings } from "../shared/connect-settings";
import { stimulusDisplayService } from "./display-service";
import { showElsewhere } from "./elsewhere";
import { WorkerGlass } from "./glass/worker-glass";
import { watchPhysicalSize } from "./physical-size";
import { StimulusPage } from "./stimulus-page";

/** The preload answers at once; a page without one is not in our program. */
const PORT_WITHIN_MS = 10_000;
const BUILD = "macroscope stimulus window";

if (readConnectSettings(document)) showElsewhere(document);
else show();

function show(): void {
  const canvas = document.querySelector<HTMLCanvasElement>("#glass");
  const sentence = document.querySelector<HTMLElement>("#sentence");
  if (!canvas || !sentence) throw new Error("The page has no canvas.");

  const instrument = connectInstrument({
    openLink: async () => messagePortLink(await requestPort<MessagePort>(window, AbortSignal.timeout(PORT_WITHIN_MS))),
    label: "stimulus window",
    build: BUILD,
  });
  const page = new StimulusPage({
    clients: instrument.clients,
    channel: instrument.channels.worker,
    makeGlass: (events) => new WorkerGlass(canvas, events),
    say: (text) => {
      if (sentence.textContent !== text) sentence.textContent = text;
    },
    nowMs: () => performance.now(),
    newId: () => crypto.randomUUID(),
  });
  watchPhysicalSize(canvas, (size) => page.resize(size));

  const server = createServer({
    build: BUILD,
    session: crypto.randomUUID(),
    epoch: BigInt(Date.now()) * 1_000_000n,
    validator: protovalidator(),
  }).register(StimulusDisplayService, stimulusDisplayService(page.news));
  onPortOffered(window, (port, { role, label }) => {
    server.accept(messagePortLink(port), { role, label });
  });

  window.addEventListener("pagehide", () => page.leave());
  // Nothing that is pressed here changes anything.
  for (const type of ["keydown", "contextmenu", "dragstart"] as const) {
    window.addEventListener(type, (event) => event.preventDefault());
  }
}
