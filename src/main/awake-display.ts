/** Keeps the displays from going to sleep while the stimulus may be looked at. */

/** The part of Electron's powerSaveBlocker that is needed. */
export interface SleepBlocker {
  start(type: "prevent-display-sleep"): number;
  stop(id: number): void;
}

export class AwakeDisplay {
  readonly #blocker: SleepBlocker;
  #id: number | undefined;

  constructor(blocker: SleepBlocker) {
    this.#blocker = blocker;
  }

  /** @param awake - whether displays have to stay awake from now on. */
  keep(awake: boolean): void {
    if (awake) this.#id ??= this.#blocker.start("prevent-display-sleep");
    else if (this.#id !== undefined) {
      this.#blocker.stop(this.#id);
      this.#id = undefined;
    }
  }
}
