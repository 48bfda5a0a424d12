/** Main's windows and displays in memory: two displays, the operator's window, and whatever is opened. */
import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ConnectRouter } from "@connectrpc/connect";
import { WindowKind, WindowService, WindowsStateSchema } from "../../../gen/ts/macroscope/window/v1/window_pb";
import type { WindowsState } from "../../../gen/ts/macroscope/window/v1/window_pb";
import { Feed } from "./feed";

type Answer = <Result>(method: string, request: unknown, work: () => Result) => Result;

const OPERATOR = { id: 1, kind: WindowKind.OPERATOR, title: "Macroscope", displayId: "1", focused: true };
const DISPLAYS = [
  {
    id: "1",
    label: "Built-in display",
    number: 1,
    widthPx: 2560,
    heightPx: 1600,
    scaleFactor: 2,
    refreshRateHz: 60,
    primary: true,
    internal: true,
  },
  { id: "2", label: "DELL P2419H", number: 2, widthPx: 1920, heightPx: 1080, scaleFactor: 1, refreshRateHz: 59.95 },
];

export class FakeWindows {
  readonly states = new Feed<WindowsState>(
    create(WindowsStateSchema, { revision: 1n, windows: [OPERATOR], displays: DISPLAYS }),
  );
  /** Where a saved file goes; empty: whoever was asked changed their mind. */
  savedTo = "/data/preset.json";

  /** Changes the state and tells everyone. */
  change(change: Omit<MessageInitShape<typeof WindowsStateSchema>, "$typeName">): WindowsState {
    const before = this.states.current;
    const whole = { ...before, ...change, revision: before.revision + 1n, $typeName: undefined };
    this.states.push(create(WindowsStateSchema, whole as MessageInitShape<typeof WindowsStateSchema>));
    return this.states.current;
  }

  register(router: ConnectRouter, answer: Answer): void {
    router.service(WindowService, {
      watchWindows: async function* (this: FakeWindows, _: unknown, { signal }: { signal: AbortSignal }) {
        for await (const state of this.states.watch(signal)) yield { state };
      }.bind(this),
      openWindow: (request) => answer("openWindow", request, () => ({ window: this.open(request) })),
      closeWindow: (request) =>
        answer("closeWindow", request, () => {
          this.known(request.id);
          this.change({ windows: this.states.current.windows.filter(({ id }) => id !== request.id) });
          return {};
        }),
      focusWindow: (request) =>
        answer("focusWindow", request, () => {
          this.known(request.id);
          const { windows } = this.states.current;
          this.change({ windows: windows.map((window) => ({ ...window, focused: window.id === request.id })) });
          return {};
        }),
      chooseStimulusDisplay: (request) =>
        answer("chooseStimulusDisplay", request, () => ({
          state: this.change({ stimulusDisplayId: request.displayId }),
        })),
      identifyDisplays: (request) => answer("identifyDisplays", request, () => ({})),
      saveTextFile: (request) => answer("saveTextFile", request, () => ({ path: this.savedTo })),
    });
  }

  private known(id: number): void {
    if (this.states.current.windows.some((window) => window.id === id)) return;
    throw new ConnectError(`There is no window ${id}.`, Code.NotFound);
  }

  private open({ kind, regionId }: { kind: WindowKind; regionId: string }) {
    const { windows } = this.states.current;
    const there = windows.find((window) => window.kind === kind && window.regionId === regionId);
    if (there) return there;
    const id = Math.max(0, ...windows.map((window) => window.id)) + 1;
    const opened = { id, kind, regionId, title: "Macroscope", displayId: "1" };
    return this.change({ windows: [...windows, opened] }).windows.at(-1);
  }
}
