/** Asks before the program is left while something goes on; once at a time, and not when the system itself goes down. */

/** The part of Electron's dialog that is needed. */
export interface QuestionDialog {
  showMessageBox(options: {
    readonly type: "warning";
    readonly title: string;
    readonly message: string;
    readonly detail: string;
    readonly buttons: string[];
    readonly defaultId: number;
    readonly cancelId: number;
    readonly noLink: boolean;
  }): Promise<{ readonly response: number }>;
}

const KEEP_RUNNING = 0;

const DETAIL =
  "The worker goes on recording without its windows, and they find it again when the program is started. " +
  "A run whose stimulus window is closed pauses at the end of the sweep.";

export interface LeaveGuardOptions {
  readonly dialog: QuestionDialog;
  /** What goes on, as a sentence; empty: nothing. */
  readonly goingOn: () => string;
  /** Ends the program, now that it may. */
  readonly leave: () => void;
}

/** Knows whether the program may be left. */
export class LeaveGuard {
  readonly #options: LeaveGuardOptions;
  #asking = false;
  #free = false;

  constructor(options: LeaveGuardOptions) {
    this.#options = options;
  }

  /** Nobody is asked any more. */
  get free(): boolean {
    return this.#free;
  }

  /** Whether the program may be left without a question: nothing goes on, somebody has said so, or the system goes down. */
  get mayLeave(): boolean {
    return this.#free || this.#options.goingOn() === "";
  }

  /** No more questions: a system that goes down waits for nobody. The recording is the worker's, which goes on or ends it well. */
  letGo(): void {
    this.#free = true;
  }

  /** Asks, unless that is done already. The question stands for itself, so that Stop in the operator's window can still be pressed. */
  ask(): void {
    if (this.#asking) return;
    this.#asking = true;
    this.#askOnce()
      .catch((error: unknown) => {
        console.error(`The question could not be asked: ${String(error)}`);
      })
      .finally(() => {
        this.#asking = false;
      });
  }

  async #askOnce(): Promise<void> {
    const { response } = await this.#options.dialog.showMessageBox({
      type: "warning",
      title: "Macroscope",
      message: `${this.#options.goingOn()} Close the program in spite of it?`,
      detail: DETAIL,
      buttons: ["Keep running", "Close the program"],
      defaultId: KEEP_RUNNING,
      cancelId: KEEP_RUNNING,
      noLink: true,
    });
    if (response === KEEP_RUNNING) return;
    this.letGo();
    this.#options.leave();
  }
}
