/** Serves `ViewService` to preview windows: the view is this window's, they follow it. */
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  UpdateViewResponseSchema,
  ViewService,
  WatchViewResponseSchema,
} from "../../../../../gen/ts/macroscope/view/v1/view_pb";
import type { WatchViewResponse } from "../../../../../gen/ts/macroscope/view/v1/view_pb";
import { messagePortLink, onPortOffered } from "../../../../links";
import { viewChanged } from "../../../../mirror";
import type { MirrorStore } from "../../../../mirror";
import { createServer, protovalidator } from "../../../../rpc";
import { viewFromMessage, viewToMessage } from "../../../shared/view-message";

/** The service over a window's store. */
export function viewService(store: MirrorStore): ServiceImpl<typeof ViewService> {
  return {
    async *watchView(_, { signal }): AsyncGenerator<WatchViewResponse> {
      let told = -1;
      while (!signal.aborted) {
        const { view } = store.getState();
        if (view.revision !== told) {
          told = view.revision;
          yield create(WatchViewResponseSchema, { revision: BigInt(told), view: viewToMessage(view) });
        } else await changed(store, signal);
      }
    },
    updateView: ({ view }) => {
      const before = store.getState().view;
      const wanted = { ...before, ...(view && viewFromMessage(view)) };
      if (wanted.white <= wanted.black) {
        throw new ConnectError("White must be above black.", Code.InvalidArgument);
      }
      store.dispatch(viewChanged(wanted));
      return create(UpdateViewResponseSchema, { revision: BigInt(store.getState().view.revision) });
    },
  };
}

/** Serves it over every port that another window asks this page for, until the returned function is called. */
export function serveView(page: Parameters<typeof onPortOffered>[0], store: MirrorStore): () => void {
  const server = createServer({
    build: "macroscope operator window",
    session: crypto.randomUUID(),
    epoch: BigInt(Date.now()) * 1_000_000n,
    validator: protovalidator(),
  }).register(ViewService, viewService(store));
  const stop = onPortOffered(page, (port, { role, label }) => {
    server.accept(messagePortLink(port), { role, label });
  });
  return () => {
    stop();
    server.close("The window is closed.");
  };
}

/** Resolves when anything of the store has changed, or the signal says so. */
function changed(store: MirrorStore, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      unsubscribe();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const unsubscribe = store.subscribe(end);
    signal.addEventListener("abort", end);
  });
}
