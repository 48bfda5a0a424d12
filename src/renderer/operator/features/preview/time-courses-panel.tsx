/** The mean of each region over time. */
import { useCallback, useState } from "react";
import { shownRegions } from "../../../../mirror";
import { useMirror } from "../../../shared/hooks";
import { picturesCome } from "../../situation";
import { CourseChart } from "./course-chart";
import { valueText } from "./course-values";
import type { CourseUnit } from "./course-values";
import { RegionRow } from "./region-row";
import { useCourseHistory } from "./use-course-history";
import classes from "./time-courses-panel.module.css";

const SPANS = [
  { seconds: 30, label: "30 s" },
  { seconds: 120, label: "2 min" },
  { seconds: 600, label: "10 min" },
] as const;

const UNITS: readonly { readonly unit: CourseUnit; readonly label: string; readonly title: string }[] = [
  { unit: "relative", label: "ΔF/F", title: "Change in percent of the mean of what is shown" },
  { unit: "counts", label: "Counts", title: "The camera's values" },
];

export function TimeCoursesPanel() {
  const regions = useMirror((state) => shownRegions(state.regions));
  const [spanS, setSpanS] = useState<number>(SPANS[0].seconds);
  const [unit, setUnit] = useState<CourseUnit>("relative");
  const [values, setValues] = useState<ReadonlyMap<string, number | null>>(new Map());
  const history = useCourseHistory(regions.length > 0);
  const live = useMirror(picturesCome);
  const onValues = useCallback((newest: ReadonlyMap<string, number | null>) => setValues(newest), []);
  return (
    <section className={classes.panel} aria-label="Time courses">
      <header className={classes.head}>
        <h2>Time courses</h2>
        <div className={classes.choices} role="group" aria-label="How far back">
          {SPANS.map(({ seconds, label }) => (
            <button key={seconds} type="button" aria-pressed={spanS === seconds} onClick={() => setSpanS(seconds)}>
              {label}
            </button>
          ))}
        </div>
        <div className={classes.choices} role="group" aria-label="What is drawn">
          {UNITS.map((one) => (
            <button
              key={one.unit}
              type="button"
              aria-pressed={unit === one.unit}
              title={one.title}
              onClick={() => setUnit(one.unit)}
            >
              {one.label}
            </button>
          ))}
        </div>
      </header>
      {regions.length === 0 ? (
        <p className={classes.empty}>
          Draw a region over the picture: press B for a rectangle or E for an ellipse. Its mean is drawn here.
        </p>
      ) : (
        <div className={classes.body}>
          <CourseChart history={history} regions={regions} unit={unit} spanS={spanS} onValues={onValues} />
          <ul className={classes.legend} aria-label="Regions">
            {regions.map((region) => (
              <RegionRow
                key={region.id}
                region={region}
                value={valueText(live ? values.get(region.id) : undefined, unit)}
              />
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
