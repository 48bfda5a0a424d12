/** Takes from pages what the program has no use for: permissions, downloads, navigation, new windows, embedded pages. */
import { app, type Session, type WebContents } from "electron";
import type { PageCheck } from "./vetted-ipc";

/** Denies every permission, device and download of a session. Electron grants them unless told otherwise. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => {
    answer({});
  });
  session.on("will-download", (event) => {
    event.preventDefault();
  });
}

/** Keeps every page where it is: no navigation to anything but our pages, no new windows, no embedded pages. */
export function guardAllContents(isOurPage: PageCheck): void {
  app.on("web-contents-created", (_event, contents: WebContents) => {
    contents.on("will-navigate", (event) => {
      if (!isOurPage(event.url)) event.preventDefault();
    });
    contents.on("will-frame-navigate", (event) => {
      if (!event.isMainFrame || !isOurPage(event.url)) event.preventDefault();
    });
    contents.on("will-redirect", (event) => {
      if (!isOurPage(event.url)) event.preventDefault();
    });
    contents.on("will-attach-webview", (event) => {
      event.preventDefault();
    });
    contents.setWindowOpenHandler(() => ({ action: "deny" }));
  });
}
