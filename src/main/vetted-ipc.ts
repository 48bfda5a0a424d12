/** The one place that listens to windows over Electron's own channel; a message is heard only from a page of ours. */
import { ipcMain, type IpcMainEvent, type WebContents } from "electron";

/** Messages that were not heard, by channel; somebody tries what no page of ours does. */
export interface RefusedMessages {
  readonly count: number;
}

/** Decides whether a frame at this URL is a page of ours. */
export type PageCheck = (url: string) => boolean;

let refused = 0;

/** How many messages were refused since the start. */
export function refusedMessages(): RefusedMessages {
  return { count: refused };
}

/**
 * Hears `channel` from the main frames of our pages.
 *
 * @param isOurPage - decides by the frame's URL; an empty URL and about:blank are not ours.
 * @param handler - is given what was sent, which may be anything.
 */
export function onVettedMessage(
  channel: string,
  isOurPage: PageCheck,
  handler: (sender: WebContents, data: unknown) => void,
): void {
  ipcMain.on(channel, (event: IpcMainEvent, data: unknown) => {
    const frame = event.senderFrame;
    // A frame that is gone, a frame inside a page, or a page that is not ours.
    if (frame?.parent !== null || !isOurPage(frame.url) || event.sender.isDestroyed()) {
      refused += 1;
      return;
    }
    handler(event.sender, data);
  });
}
