/** Holds the regions' time courses of this window. */
import { useEffect, useState } from "react";
import { watchTimeCourses } from "../../../../mirror";
import { useMirror } from "../../../shared/hooks";
import { useInstrument } from "../../../shared/instrument-context";
import { CourseHistory } from "./course-history";

const HISTORY_S = 600;

/** While nothing is watched no stream is open. */
export function useCourseHistory(watched: boolean): CourseHistory {
  const { clients } = useInstrument();
  const epoch = useMirror((state) => state.connection.worker.server?.epoch);
  const [history] = useState(() => new CourseHistory());
  useEffect(() => {
    if (!watched) return undefined;
    const stream = watchTimeCourses(clients.imaging, HISTORY_S, history);
    return () => stream.stop();
    // A worker that came back is asked at once: its epoch opens the stream anew.
  }, [clients, history, watched, epoch]);
  return history;
}
