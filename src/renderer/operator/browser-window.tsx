/** The operator's window in a browser. */
import { BrowserEntrance } from "../shared/browser-entrance";
import type { ConnectSession } from "../shared/connect-session";
import { OperatorWindow } from "./operator-window";

export interface BrowserWindowProps {
  readonly session: ConnectSession;
  readonly tokenFile: string;
  readonly styleNonce?: string;
  readonly env?: "default" | "test";
}

export function BrowserWindow(props: BrowserWindowProps) {
  const { styleNonce, env } = props;
  return (
    <BrowserEntrance {...props}>
      {({ store, instrument }) => (
        <OperatorWindow store={store} instrument={instrument} styleNonce={styleNonce} env={env} />
      )}
    </BrowserEntrance>
  );
}
