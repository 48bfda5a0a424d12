/** Telling people something, and saying that one has seen it. */
import type { Severity } from "../../gen/ts/macroscope/notification/v1/notification_pb";
import { toCommandError } from "./command-error";
import { createCommand } from "./create-command";

/** What a window has to tell. */
export interface NotificationRequest {
  readonly severity: Severity;
  /** Who tells: "window", "stimulus". */
  readonly source: string;
  /** Stable, such as "page_crashed". */
  readonly code: string;
  readonly message: string;
  /** What to do; empty: nothing. */
  readonly remedy: string;
}

/** Says that these have been seen; none named: all there are. The list that follows tells by whom. */
export const acknowledgeNotifications = createCommand(
  "acknowledgeNotifications",
  async (ids: readonly number[], { extra, rejectWithValue }) => {
    try {
      await extra.clients.notification.acknowledgeNotifications({ ids: ids.map(BigInt) });
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);

/** Tells something to everybody; the same source and code again counts on instead of adding one. */
export const postNotification = createCommand(
  "postNotification",
  async (told: NotificationRequest, { extra, rejectWithValue }) => {
    try {
      await extra.clients.notification.postNotification(told);
      return undefined;
    } catch (error) {
      return rejectWithValue(toCommandError(error));
    }
  },
);
