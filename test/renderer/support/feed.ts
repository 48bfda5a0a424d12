/** A value that many streams watch: each gets the newest, slow ones skip. */

/** Gives each watcher the value now and again whenever it changes. */
export class Feed<Value> {
  private changes = 0;
  private failures = 0;
  private failure: Error | undefined;
  private readonly waiting = new Set<() => void>();

  constructor(private value: Value) {}

  /** The newest value. */
  get current(): Value {
    return this.value;
  }

  /** Streams that are open. */
  get watchers(): number {
    return this.open;
  }
  private open = 0;

  /** Sets the value and tells every watcher. */
  push(value: Value): void {
    this.value = value;
    this.changes += 1;
    this.wakeAll();
  }

  /** Ends every open stream with this error; streams opened later are served. */
  fail(error: Error): void {
    this.failure = error;
    this.failures += 1;
    this.wakeAll();
  }

  async *watch(signal: AbortSignal): AsyncGenerator<Value> {
    const failuresBefore = this.failures;
    let seen = -1;
    this.open += 1;
    try {
      while (!signal.aborted) {
        if (this.failures > failuresBefore && this.failure) throw this.failure;
        if (seen !== this.changes) {
          seen = this.changes;
          yield this.value;
        } else await this.change(signal);
      }
    } finally {
      this.open -= 1;
    }
  }

  private change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.waiting.add(wake);
      signal.addEventListener("abort", wake);
    });
  }

  private wakeAll(): void {
    for (const wake of [...this.waiting]) wake();
  }
}
