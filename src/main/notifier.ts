/** Tells people things by way of the worker, which shows them in every window and keeps them in the run. */
import { Severity } from "../../gen/ts/macroscope/notification/v1/notification_pb";
import type { Channel } from "../rpc";
import type { WorkerClients } from "./worker-access";

/** What waits for a worker to come; more is forgotten, the oldest first. */
const MOST_WAITING = 20;

/** One thing to tell. */
export interface News {
  readonly severity: Severity;
  /** Stable, such as "page_crashed". */
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
}

/** Posts at once where there is a worker, and otherwise when one is there. Everything is on main's console too. */
export class Notifier {
  readonly #channel: Pick<Channel, "state" | "subscribe">;
  readonly #client: Pick<WorkerClients["notification"], "postNotification">;
  #waiting: News[] = [];
  #posting = false;

  constructor(
    channel: Pick<Channel, "state" | "subscribe">,
    client: Pick<WorkerClients["notification"], "postNotification">,
  ) {
    this.#channel = channel;
    this.#client = client;
    channel.subscribe(() => void this.#post());
  }

  post(news: News): void {
    console.error(`${Severity[news.severity]} ${news.code}: ${news.message}`);
    this.#waiting = [...this.#waiting, news].slice(-MOST_WAITING);
    void this.#post();
  }

  async #post(): Promise<void> {
    if (this.#posting) return;
    this.#posting = true;
    const isLive = () => this.#channel.state.phase === "live";
    while (isLive()) {
      const [next] = this.#waiting;
      if (!next) break;
      try {
        await this.#client.postNotification({ source: "window", remedy: "", ...next });
      } catch (error) {
        // Lost on the way: told again when the next worker is there. Refused: it would be again.
        if (!isLive()) break;
        console.error(`A notification was not taken: ${String(error)}`);
      }
      this.#waiting = this.#waiting.filter((news) => news !== next);
    }
    this.#posting = false;
  }
}
