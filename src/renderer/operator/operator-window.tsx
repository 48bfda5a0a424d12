/** The operator's window, whole. */
import { useState } from "react";
import { Provider } from "react-redux";
import type { MirrorStore } from "../../mirror";
import { DarkRoom } from "../shared/dark-room";
import { InstrumentContext } from "../shared/instrument-context";
import type { InstrumentAccess } from "../shared/instrument-context";
import { ShortcutProvider } from "../shared/shortcuts";
import { NotificationHistory } from "./features/notifications/history";
import { Toasts } from "./features/notifications/toasts";
import { AcceptanceProvider } from "./features/preflight/acceptance";
import { RecordingPlanProvider } from "./features/recording/recording-plan";
import { ShortcutsDialog } from "./features/shortcuts/shortcuts-dialog";
import { MiddleArea } from "./features/stage/middle-area";
import { Rail } from "./features/stage/rail";
import { SideTabs } from "./features/stage/side-tabs";
import { StageProvider } from "./features/stage/stage";
import { StatusLine } from "./features/status-line/status-line";
import { StimulusShortcuts } from "./features/stimulus/stimulus-shortcuts";
import { TopLine } from "./features/top-line/top-line";
import classes from "./operator-window.module.css";

export interface OperatorWindowProps {
  readonly store: MirrorStore;
  readonly instrument: InstrumentAccess;
  /** The nonce that the page's policy allows style elements with. */
  readonly styleNonce?: string;
  /** "test" leaves out transitions and portals. */
  readonly env?: "default" | "test";
}

export function OperatorWindow({ store, instrument, styleNonce = "", env = "default" }: OperatorWindowProps) {
  return (
    <Provider store={store}>
      <InstrumentContext value={instrument}>
        <DarkRoom styleNonce={styleNonce} env={env}>
          <ShortcutProvider>
            <RecordingPlanProvider>
              <StageProvider>
                <AcceptanceProvider>
                  <Layout />
                </AcceptanceProvider>
              </StageProvider>
            </RecordingPlanProvider>
          </ShortcutProvider>
        </DarkRoom>
      </InstrumentContext>
    </Provider>
  );
}

function Layout() {
  const [listing, setListing] = useState(false);
  const [telling, setTelling] = useState(false);
  return (
    <div className={classes.window}>
      <TopLine />
      <div className={classes.left}>
        <Rail />
        <Toasts onHistory={() => setTelling(true)} />
      </div>
      <MiddleArea />
      <SideTabs />
      <StatusLine
        onShortcuts={() => setListing(true)}
        notificationsOpen={telling}
        onNotifications={() => setTelling((before) => !before)}
      />
      <NotificationHistory opened={telling} onClose={() => setTelling(false)} />
      <StimulusShortcuts />
      <ShortcutsDialog opened={listing} onClose={() => setListing(false)} />
    </div>
  );
}
