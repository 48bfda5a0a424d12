/** Holds the regions' time courses of this window. */
import { useEffect, useState } from "react";
import { wakeStream, watchTimeCourses } from "../../../../mirror";
import { useMirror, useMirrorStore } from "../../../shared/hooks";
import { useInstrument } from "../../../shared/instrument-context";
import { CourseHistory } from "./course-history";

const HISTORY_S = 600;

/** While nothing is watched no stream is open. */
export function useCourseHistory(watched: boolean): CourseHistory {
  const store = useMirrorStore();
  const { clients } = useInstrument();
  const epoch = useMirror((state) => state.connection.worker.server?.epoch);
  const [history] = useState(() => new CourseHistory());
  useEffect(() => {
    if (!watched) return undefined;
    return wakeStream(store, watchTimeCourses(clients.imaging, HISTORY_S, history));
    // Another worker: its epoch opens the stream anew.
  }, [store, clients, history, watched, epoch]);
  return history;
}
