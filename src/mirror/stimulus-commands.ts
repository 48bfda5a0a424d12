/** What the operator asks of the stimulus. */
import type { Direction } from "../../gen/ts/macroscope/configuration/v1/stimulus_pb";
import { toCommandError } from "./command-error";
import { createCommand, stamped } from "./create-command";
import { toPlain } from "./from-proto";
import { stimulusArrived } from "./stimulus-slice";

/** Shows sweeps of a direction over and over, to look at; unspecified: grey. */
export const showStimulusTest = createCommand(
  "showStimulusTest",
  async (direction: Direction, { dispatch, extra, rejectWithValue }) => {
    try {
      const { state } = await extra.clients.stimulus.showTest({ direction });
      if (state) dispatch(stimulusArrived(stamped(toPlain(state), extra)));
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);
