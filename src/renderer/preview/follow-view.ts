/** Follows the view of the operator's window over a port between the two. When that window is gone, the last view stays. */
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { ViewService } from "../../../gen/ts/macroscope/view/v1/view_pb";
import { messagePortLink, requestPort } from "../../links";
import { keepStream, viewArrived } from "../../mirror";
import type { MirrorStore } from "../../mirror";
import { createChannel, createClient } from "../../rpc";
import type { Link } from "../../rpc";
import { viewFromMessage } from "../shared/view-message";

/** The other window answers at once, or main says that there is none. */
const PORT_WITHIN_MS = 10_000;

/** Makes a new link to the operator's window. */
export type OpenOperatorLink = () => Promise<Link>;

export const byPort: OpenOperatorLink = async () =>
  messagePortLink(await requestPort<MessagePort>(window, AbortSignal.timeout(PORT_WITHIN_MS), { to: "operator" }));

/** Until the returned function is called; `onFollowing` is told whether the view is followed at the moment. */
export function followView(
  store: MirrorStore,
  open: OpenOperatorLink,
  onFollowing: (following: boolean) => void,
): () => void {
  const channel = createChannel({
    dial: open,
    label: "preview window",
    role: Role.VIEWER,
    build: "macroscope preview window",
  });
  const client = createClient(ViewService, channel.transport);
  const stream = keepStream({
    open: (signal) => client.watchView({}, { signal }),
    take: ({ revision, view }) => {
      if (!view) return;
      store.dispatch(viewArrived({ ...store.getState().view, ...viewFromMessage(view), revision: Number(revision) }));
      onFollowing(true);
    },
    down: () => onFollowing(false),
  });
  const stopWaking = channel.subscribe(() => {
    if (channel.state.phase === "live") stream.wake();
    else onFollowing(false);
  });
  return () => {
    stopWaking();
    stream.stop();
    channel.close();
  };
}
