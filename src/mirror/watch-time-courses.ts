/** Holds the stream of the regions' means open; they go to whoever draws them. */
import type { WatchTimeCoursesResponse } from "../../gen/ts/macroscope/imaging/v1/imaging_pb";
import type { InstrumentClients } from "./instrument";
import { keepStream } from "./keep-stream";
import type { HeldStream } from "./keep-stream";

/** What takes them. */
export interface TimeCourseSink {
  /** A stream was opened: what it tells begins anew. */
  begin(): void;
  add(batch: WatchTimeCoursesResponse): void;
}

/** Whoever starts it stops it. */
export function watchTimeCourses(
  client: InstrumentClients["imaging"],
  historyS: number,
  sink: TimeCourseSink,
): HeldStream {
  return keepStream({
    open: (signal) => {
      sink.begin();
      return client.watchTimeCourses({ historyS }, { signal });
    },
    take: (batch) => sink.add(batch),
  });
}
