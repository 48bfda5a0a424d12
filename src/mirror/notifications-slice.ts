/** What people have been told, and who has seen it. */
import { createSlice } from "@reduxjs/toolkit";
import type { PayloadAction } from "@reduxjs/toolkit";
import type { WatchNotificationsResponse } from "../../gen/ts/macroscope/notification/v1/notification_pb";
import type { Plain } from "./from-proto";
import { newer } from "./revisions";
import type { Revised } from "./revisions";

/** The last 200, oldest first. */
export type NotificationsMirror = Plain<WatchNotificationsResponse>;
export type NotificationMirror = NotificationsMirror["notifications"][number];

export interface NotificationsSliceState {
  readonly current: Revised<NotificationsMirror> | null;
}

const initialState: NotificationsSliceState = { current: null };

const slice = createSlice({
  name: "notifications",
  initialState,
  reducers: {
    notificationsArrived: (state, action: PayloadAction<Revised<NotificationsMirror>>): NotificationsSliceState => ({
      current: newer((state as NotificationsSliceState).current, action.payload),
    }),
  },
});

export const { notificationsArrived } = slice.actions;
export const notificationsReducer = slice.reducer;
