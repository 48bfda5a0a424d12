/** The operator's window in a browser: the connect screen until a worker has taken the token, then the same window as in the application. */
import { MantineProvider } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { ConnectScreen } from "../shared/connect-screen";
import type { ConnectSession } from "../shared/connect-session";
import { cssVariables, theme } from "../shared/theme";
import { OperatorWindow } from "./operator-window";

export interface BrowserWindowProps {
  readonly session: ConnectSession;
  readonly tokenFile: string;
  readonly styleNonce?: string;
  readonly env?: "default" | "test";
}

export function BrowserWindow({ session, tokenFile, styleNonce = "", env = "default" }: BrowserWindowProps) {
  const state = useSyncExternalStore(session.subscribe, () => session.state);
  if (state.kind === "entered") {
    return <OperatorWindow store={state.store} instrument={state.instrument} styleNonce={styleNonce} env={env} />;
  }
  return (
    <MantineProvider
      theme={theme}
      forceColorScheme="dark"
      cssVariablesResolver={cssVariables}
      getStyleNonce={() => styleNonce}
      env={env}
    >
      <ConnectScreen
        state={state}
        tokenFile={tokenFile}
        onConnect={(kept) => session.connect(kept)}
        onCancel={() => session.leave()}
      />
    </MantineProvider>
  );
}
