/** What every command of the mirror is made of: a thunk that is given the clients, and fails with a {@link CommandError}. */
import { createAsyncThunk } from "@reduxjs/toolkit";
import type { CommandError } from "./command-error";
import type { InstrumentClients } from "./instrument";
import type { Revised } from "./revisions";

/** What thunks are given besides the store. */
export interface CommandTools {
  readonly clients: InstrumentClients;
  /** Epoch of the worker that answers now, decimal. */
  readonly workerEpoch: () => string;
  /** Wall clock, milliseconds. */
  readonly nowMs: () => number;
}

/** Makes a command; it is to be listed in `commands-slice.ts`, which keeps whether it is under way and what it failed with. */
export const createCommand = createAsyncThunk.withTypes<{ extra: CommandTools; rejectValue: CommandError }>();

/** A state that a command was answered with, as one that has just arrived. */
export function stamped<State extends { readonly revision: number }>(
  state: State,
  tools: CommandTools,
): Revised<State> {
  return { state, epoch: tools.workerEpoch(), receivedAtMs: tools.nowMs() };
}
