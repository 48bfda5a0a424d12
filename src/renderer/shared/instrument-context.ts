/** The instrument of this window, for the few components that need more than the mirror: the preview takes pixels from it. */
import { createContext, useContext } from "react";
import type { InstrumentClients, SkipCount } from "../../mirror";

export interface InstrumentAccess {
  readonly clients: InstrumentClients;
  /** Makes a counter of skipped messages for one stream. */
  readonly countSkips: () => SkipCount;
}

export const InstrumentContext = createContext<InstrumentAccess | null>(null);

/** @throws Error outside of a window that provides one. */
export function useInstrument(): InstrumentAccess {
  const access = useContext(InstrumentContext);
  if (!access) throw new Error("No instrument is provided here.");
  return access;
}
