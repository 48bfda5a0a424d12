/** What main and the host tell each other over Electron's own channel between the two; ports travel beside `window` and `main`. */
import type { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";

/** Everything the host has to know of the machine. Sent once, first. */
export interface HostSettings {
  /** The Python that has the worker's package. */
  readonly python: string;
  /** Arguments behind `-m macroscope_worker`. */
  readonly workerArguments: readonly string[];
  /** Where the worker says how it is reached; private to the user. */
  readonly runtimeDirectory: string;
  /** Where the worker's output is kept. */
  readonly logDirectory: string;
  /** Version of the application. */
  readonly version: string;
  readonly electronVersion: string;
}

/** A message from main to the host. */
export type HostMessage =
  /** `resume`: a host before this one ended unasked; a new worker goes on with the camera and settings of the one before. */
  | { readonly kind: "settings"; readonly settings: HostSettings; readonly resume: boolean }
  | { readonly kind: "window"; readonly role: Role; readonly label: string; readonly port: number }
  /** The port beside it leads to main's own server: connections with target "main" go there. */
  | { readonly kind: "main" };

/** A message from the host to main: a window's port has closed. */
export interface PortClosed {
  readonly kind: "port-closed";
  /** As main numbered it. */
  readonly port: number;
}
