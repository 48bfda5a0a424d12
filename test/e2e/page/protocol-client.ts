/** Runs in a page of the program, put there by a test: speaks the protocol over ports of the page's own, as its real code does. */
import { fromJson, type JsonValue, toJson } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { WindowService } from "../../../gen/ts/macroscope/window/v1/window_pb";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { messagePortLink, type PortTarget, requestPort } from "../../../src/links";
import { connectInstrument } from "../../../src/renderer/shared/connect-instrument";
import { type Channel, createChannel } from "../../../src/rpc";

const label = "end-to-end test";
const instrument = connectInstrument({
  openLink: async () => messagePortLink(await requestPort<MessagePort>(window)),
  label,
  build: label,
});
let direct: Channel | undefined;
const phases: string[] = [];

/** What a call came to: an answer, or a refusal with its code and sentence. */
export type Outcome = { readonly answer: JsonValue } | { readonly code: number; readonly message: string };

async function outcome(work: () => Promise<JsonValue>): Promise<Outcome> {
  try {
    return { answer: await work() };
  } catch (error) {
    const { code, rawMessage } = ConnectError.from(error);
    return { code, message: rawMessage };
  }
}

const client = {
  /** Calls a unary method of main's service. */
  call: (method: Exclude<keyof typeof WindowService.method, "watchWindows">, request: JsonValue): Promise<Outcome> =>
    outcome(async () => {
      const { input, output } = WindowService.method[method];
      const windows = instrument.clients.window as unknown as Record<string, (request: unknown) => Promise<never>>;
      return toJson(output, await (windows[method]?.(fromJson(input, request)) ?? Promise.reject(new Error(method))));
    }),
  /** The windows and displays as main says them now. */
  windows: (): Promise<Outcome> =>
    outcome(async () => {
      for await (const response of instrument.clients.window?.watchWindows({}) ?? []) {
        return toJson(WindowService.method.watchWindows.output, response);
      }
      throw new Error("The stream ended without a message.");
    }),
  startRecording: (name: string): Promise<Outcome> =>
    outcome(async () => {
      const { state } = await instrument.clients.acquisition.startRecording({ name });
      return state?.phase ?? 0;
    }),
  stopRecording: (): Promise<Outcome> =>
    outcome(async () => {
      await instrument.clients.acquisition.stopRecording({});
      return null;
    }),
  /** What people have been told, oldest first: "source code". */
  notifications: async (): Promise<string[]> => {
    for await (const { notifications } of instrument.clients.notification.watchNotifications({})) {
      return notifications.map(({ source, code }) => `${source} ${code}`);
    }
    return [];
  },
  /** Dials another window over a direct port, and keeps the channel; settles when it is live, or with why it is not. */
  dial: (to: PortTarget): Promise<{ phase: string; build?: string; reason?: string }> => {
    direct?.close();
    const channel = createChannel({
      dial: async () => messagePortLink(await requestPort<MessagePort>(window, undefined, { to })),
      label,
      role: Role.OPERATOR,
      build: label,
    });
    direct = channel;
    phases.length = 0;
    return new Promise((resolve) => {
      const look = () => {
        const { phase, server, reason } = channel.state;
        phases.push(phase);
        if (phase === "live") resolve({ phase, ...(server ? { build: server.build } : {}) });
        if (phase === "lost") resolve({ phase, ...(reason === undefined ? {} : { reason }) });
      };
      channel.subscribe(look);
    });
  },
  /** Phases that the direct channel went through. */
  phases: () => [...phases],
  mainPhase: () => instrument.channels.main.state.phase,
};

declare global {
  interface Window {
    macroscopeTest: typeof client;
  }
}

window.macroscopeTest = client;
