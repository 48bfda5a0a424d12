/** Brings a window's page back when its process has ended unasked; when that happens too often, says so instead. */

/** More crashes than this within {@link WINDOW_MS} and the page is left as it is: it does not get better by itself. */
const MOST_RELOADS = 3;
/** See {@link MOST_RELOADS}. */
const WINDOW_MS = 60_000;

/** The part of Electron's `WebContents` that recovery needs. */
export interface RecoverablePage {
  on(event: "render-process-gone", listener: (event: unknown, details: { readonly reason: string }) => void): unknown;
  isDestroyed(): boolean;
  reload(): void;
}

/** Who is told of crashes. */
export interface CrashListener {
  /** The page has ended unasked, and is loaded again unless `gaveUp` follows. */
  crashed(reason: string): void;
  /** It is not loaded again any more; `sentence` is for the operator. */
  gaveUp(sentence: string): void;
}

/**
 * Reloads the page after each crash. What it shows is the worker's state, so the new page shows the same; only what was typed is lost.
 *
 * @param nowMs - monotonic milliseconds.
 */
export function recoverPage(page: RecoverablePage, nowMs: () => number, listener: CrashListener): void {
  let crashes: number[] = [];
  page.on("render-process-gone", (_event, { reason }) => {
    if (reason === "clean-exit") return;
    const now = nowMs();
    crashes = [...crashes.filter((time) => now - time < WINDOW_MS), now];
    console.error(`A window's page ended: ${reason}.`);
    listener.crashed(reason);
    if (crashes.length > MOST_RELOADS) {
      crashes = [];
      listener.gaveUp(
        `The window's page ended ${String(MOST_RELOADS + 1)} times within a minute (${reason}) and is not loaded again. ` +
          "The worker goes on.",
      );
      return;
    }
    // Electron has not finished with the old process while it tells of its end.
    setImmediate(() => {
      if (!page.isDestroyed()) page.reload();
    });
  });
}
