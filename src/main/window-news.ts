/** What windows have to tell people, as notifications; and as a question where nobody could read one. */
import { Severity } from "../../gen/ts/macroscope/notification/v1/notification_pb";
import type { News } from "./notifier";
import type { WindowNews } from "./windows";

/** The part of Electron's dialog that is needed. */
export interface NewsDialog {
  showMessageBox(options: {
    readonly type: "error" | "warning";
    readonly title: string;
    readonly message: string;
    readonly detail: string;
    readonly buttons: string[];
    readonly noLink: boolean;
  }): Promise<{ readonly response: number }>;
}

/** @param post - takes a notification. */
export function windowNews(post: (news: News) => void, dialog: NewsDialog): WindowNews {
  const { WARNING, ERROR, INFO } = Severity;
  /** Windows that the question is asked about at the moment. */
  const hanging = new Set<string>();
  return {
    crashed: (title, reason) => {
      const message = `The page of the window "${title}" ended (${reason}) and is loaded again. Nothing else was affected.`;
      post({ severity: WARNING, code: "page_crashed", message });
    },
    gaveUp: (title, sentence, operator, again) => {
      const remedy = "Close the window and open it again.";
      post({ severity: ERROR, code: "page_gone", message: `${title}: ${sentence}`, remedy });
      // The page that would show it is the one that is gone. The box waits for nobody: main, worker and the other windows go on.
      if (operator) void askAgain(dialog, "error", sentence, again);
    },
    hung: (title, again) => {
      if (hanging.has(title)) return;
      hanging.add(title);
      const message = `The window "${title}" does not answer.`;
      post({ severity: WARNING, code: "page_hung", message, remedy: "Load its page again." });
      // What it shows is the worker's; a run must not go on without anybody who can stop it.
      void askAgain(dialog, "warning", message, again).finally(() => hanging.delete(title));
    },
    stimulusKept: () => {
      const message = "The stimulus window stays open: a run goes on and needs it.";
      post({ severity: INFO, code: "stimulus_window_kept", message, remedy: "Stop the run first." });
    },
    stimulusDisplayGone: (label) => {
      const message = `The display of the stimulus (${label}) was disconnected, and the stimulus window closed.`;
      const remedy = "Connect it again, and the window comes back by itself; or choose another display.";
      post({ severity: ERROR, code: "stimulus_display_gone", message, remedy });
    },
    stimulusDisplayBack: (label) => {
      const message = `The display of the stimulus (${label}) is there again, and the stimulus window on it.`;
      post({ severity: INFO, code: "stimulus_display_back", message });
    },
    stimulusUncovered: () => {
      const message = "The operator's window stands on the stimulus display now, and the stimulus no longer fills it.";
      const remedy = "Connect the operator's display again, then choose the stimulus display anew.";
      post({ severity: ERROR, code: "stimulus_uncovered", message, remedy });
    },
    displayNotFollowed: (sentence) => {
      const message = `The displays have changed, and the stimulus window could not follow: ${sentence}`;
      console.error(message);
      const remedy = "Look at the stimulus display, and open the stimulus window again if it is not there.";
      post({ severity: ERROR, code: "stimulus_display_not_followed", message, remedy });
    },
  };
}

async function askAgain(
  dialog: NewsDialog,
  type: "error" | "warning",
  sentence: string,
  again: () => void,
): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type,
    title: "Macroscope",
    message: sentence,
    detail: "A recording that goes on is not affected: the worker keeps it.",
    buttons: ["Load the page again", "Leave it"],
    noLink: true,
  });
  if (response === 0) again();
}
