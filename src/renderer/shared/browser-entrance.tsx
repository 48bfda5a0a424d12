/** A window in a browser: the connect screen until a worker has taken the token, then the same window as in the application. */
import { useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { ConnectScreen } from "./connect-screen";
import type { ConnectSession, EnteredSession } from "./connect-session";
import { DarkRoom } from "./dark-room";

export interface BrowserEntranceProps {
  readonly session: ConnectSession;
  readonly tokenFile: string;
  readonly styleNonce?: string;
  readonly env?: "default" | "test";
  /** The window over what was connected. */
  readonly children: (entered: EnteredSession) => ReactNode;
}

export function BrowserEntrance({
  session,
  tokenFile,
  styleNonce = "",
  env = "default",
  children,
}: BrowserEntranceProps) {
  const state = useSyncExternalStore(session.subscribe, () => session.state);
  if (state.kind === "entered") return children(state);
  return (
    <DarkRoom styleNonce={styleNonce} env={env}>
      <ConnectScreen
        state={state}
        tokenFile={tokenFile}
        onConnect={(kept) => session.connect(kept)}
        onCancel={() => session.leave()}
      />
    </DarkRoom>
  );
}
