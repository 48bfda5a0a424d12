/** Draws time courses into the page, at most ten times a second, when something has come. */
import { useEffect, useRef } from "react";
import "uplot/dist/uPlot.min.css";
import type { RegionMirror } from "../../../../mirror";
import { useMirrorStore } from "../../../shared/hooks";
import { useElementSize } from "../../../shared/picture/use-element-size";
import type { CourseHistory } from "./course-history";
import { makeCoursePlot } from "./course-plot";
import { drawnCourses } from "./course-values";
import type { CourseUnit } from "./course-values";
import { sweepShades } from "./sweep-shades";
import classes from "./time-courses-panel.module.css";

const EVERY_MS = 100;

export interface CourseChartProps {
  readonly history: CourseHistory;
  readonly regions: readonly RegionMirror[];
  readonly unit: CourseUnit;
  readonly spanS: number;
  /** Is told the newest value of each region, by id, as often as it draws. */
  readonly onValues: (values: ReadonlyMap<string, number | null>) => void;
}

export function CourseChart({ history, regions, unit, spanS, onValues }: CourseChartProps) {
  const store = useMirrorStore();
  const holder = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(holder);
  const ids = regions.map(({ id }) => id).join(" ");
  // What makes the plot another one: a name that is typed does not.
  const styles = regions.map(({ colour }) => colour).join(" ");
  const facts = useRef({ regions, spanS });
  useEffect(() => {
    facts.current = { regions, spanS };
  });
  useEffect(() => {
    const element = holder.current;
    if (!element || width === 0 || height === 0) return undefined;
    let newestS = 0;
    const plot = makeCoursePlot(
      element,
      facts.current.regions,
      unit,
      { width, height },
      {
        spanS: () => facts.current.spanS,
        shades: () =>
          sweepShades(store.getState()).map(({ fromS, toS }) => ({
            fromS: fromS - newestS,
            toS: toS === undefined ? undefined : toS - newestS,
          })),
      },
    );
    const shown = ids === "" ? [] : ids.split(" ");
    let drawn = -1;
    let drawnSpanS = 0;
    const draw = () => {
      const span = facts.current.spanS;
      if (document.hidden || (history.revision === drawn && drawnSpanS === span)) return;
      drawn = history.revision;
      drawnSpanS = span;
      const courses = history.last(span);
      newestS = courses.timesS.at(-1) ?? 0;
      const data = drawnCourses(courses, shown, unit);
      plot.setData(data);
      onValues(new Map(shown.map((id, index) => [id, data[index + 1]?.at(-1) ?? null])));
    };
    draw();
    const timer = setInterval(draw, EVERY_MS);
    return () => {
      clearInterval(timer);
      plot.destroy();
    };
  }, [store, history, ids, styles, unit, width, height, onValues]);
  return <div ref={holder} className={classes.chart} role="img" aria-label="Time courses of the regions" />;
}
