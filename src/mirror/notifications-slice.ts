/** What people have been told, who has seen it, and what of it is news to this window. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import { Severity } from "../../gen/ts/macroscope/notification/v1/notification_pb";
import type { WatchNotificationsResponse } from "../../gen/ts/macroscope/notification/v1/notification_pb";
import type { Plain } from "./from-proto";
import { newer } from "./revisions";
import type { Revised } from "./revisions";

/** The last 200, oldest first. */
export type NotificationsMirror = Plain<WatchNotificationsResponse>;
export type NotificationMirror = NotificationsMirror["notifications"][number];

/** When this window heard of a notification. Its own stamps are of the worker's clock, which may be another computer's. */
export interface HeardNotification {
  /** The telling that it was: told again it is news again. */
  readonly count: number;
  /** This window's clock, milliseconds; null: a note that was there before the window was, and is no news any more. */
  readonly atMs: number | null;
}

/** By the notification's id. */
export type HeardNotifications = Readonly<Record<number, HeardNotification>>;

export interface NotificationsSliceState {
  readonly current: Revised<NotificationsMirror> | null;
  readonly heard: HeardNotifications;
}

const initialState: NotificationsSliceState = { current: null, heard: {} };

const slice = createSlice({
  name: "notifications",
  initialState,
  reducers: {
    notificationsArrived: (draft, action: PayloadAction<Revised<NotificationsMirror>>): NotificationsSliceState => {
      const before = draft as NotificationsSliceState;
      const current = newer(before.current, action.payload);
      return { current, heard: current === action.payload ? hearing(before, current) : before.heard };
    },
  },
});

/** Warnings and errors that were there before are news to whoever opens the window. Another worker counts its notifications anew. */
function hearing({ current: before, heard }: NotificationsSliceState, after: Revised<NotificationsMirror>) {
  const known = before?.epoch === after.epoch ? heard : {};
  const { receivedAtMs, state } = after;
  return Object.fromEntries(
    state.notifications.map(({ id, count, severity }): [number, HeardNotification] => {
      const one = known[id];
      if (one?.count === count) return [id, one];
      return [id, { count, atMs: before === null && severity === Severity.INFO ? null : receivedAtMs }];
    }),
  );
}

export const { notificationsArrived } = slice.actions;
export const notificationsReducer = slice.reducer;
