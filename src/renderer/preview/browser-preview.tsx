/** The preview window in a browser, where there is no operator's window to follow. */
import { BrowserEntrance } from "../shared/browser-entrance";
import type { ConnectSession } from "../shared/connect-session";
import { PreviewWindow } from "./preview-window";

export interface BrowserPreviewProps {
  readonly session: ConnectSession;
  readonly tokenFile: string;
  /** Empty: the whole image. */
  readonly regionId: string;
  readonly styleNonce?: string;
  readonly env?: "default" | "test";
}

export function BrowserPreview({ regionId, ...entrance }: BrowserPreviewProps) {
  const { styleNonce, env } = entrance;
  return (
    <BrowserEntrance {...entrance}>
      {({ store, instrument }) => (
        <PreviewWindow store={store} instrument={instrument} regionId={regionId} styleNonce={styleNonce} env={env} />
      )}
    </BrowserEntrance>
  );
}
