/** Serves `WindowService`: the program's windows and the displays they may stand on. */
import { create } from "@bufbuild/protobuf";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import {
  ChooseStimulusDisplayResponseSchema,
  CloseWindowResponseSchema,
  FocusWindowResponseSchema,
  IdentifyDisplaysResponseSchema,
  OpenWindowResponseSchema,
  SaveTextFileResponseSchema,
  WatchWindowsResponseSchema,
  type WatchWindowsResponse,
  type Window,
  type WindowKind,
  type WindowService,
  type WindowsState,
} from "../../../gen/ts/macroscope/window/v1/window_pb";
import { newestStates, type StateSource } from "../newest-state";

/** Whoever has the windows. What it cannot do it throws as a ConnectError that says why. */
export interface WindowKeeper extends StateSource<WindowsState> {
  /** @param regionId - of a preview; empty: the whole image. */
  open(kind: WindowKind, regionId: string): Window;
  /** @param inRun - close it though a run needs it. */
  close(id: number, inRun: boolean): void;
  focus(id: number): void;
  chooseStimulusDisplay(displayId: string): void;
}

/** What needs the screen and the disk besides the windows. */
export interface WindowTools {
  /** Shows every display's number for some seconds. */
  identifyDisplays(): void;
  /**
   * Asks where to, and writes a text there.
   *
   * @returns the path; empty when somebody changed their mind.
   */
  saveTextFile(suggestedName: string, text: string, signal: AbortSignal): Promise<string>;
}

/** The service over those who do the work; it owns neither. */
export function windowService(keeper: WindowKeeper, tools: WindowTools): ServiceImpl<typeof WindowService> {
  return {
    async *watchWindows(_request, context: HandlerContext): AsyncGenerator<WatchWindowsResponse> {
      for await (const state of newestStates(keeper, context.signal)) {
        yield create(WatchWindowsResponseSchema, { state });
      }
    },
    openWindow: ({ kind, regionId }) => create(OpenWindowResponseSchema, { window: keeper.open(kind, regionId) }),
    closeWindow: ({ id, inRun }) => {
      keeper.close(id, inRun);
      return create(CloseWindowResponseSchema);
    },
    focusWindow: ({ id }) => {
      keeper.focus(id);
      return create(FocusWindowResponseSchema);
    },
    chooseStimulusDisplay: ({ displayId }) => {
      keeper.chooseStimulusDisplay(displayId);
      return create(ChooseStimulusDisplayResponseSchema, { state: keeper.state });
    },
    identifyDisplays: () => {
      tools.identifyDisplays();
      return create(IdentifyDisplaysResponseSchema);
    },
    saveTextFile: async ({ suggestedName, text }, { signal }) =>
      create(SaveTextFileResponseSchema, { path: await tools.saveTextFile(suggestedName, text, signal) }),
  };
}
