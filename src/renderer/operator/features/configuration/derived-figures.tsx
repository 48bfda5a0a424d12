/** What follows from the settings: as they are, and as they would be with what is typed. */
import { figureGroups, figureText } from "../../../../mirror";
import { useMirror } from "../../../shared/hooks";
import { UNKNOWN } from "../../../shared/quantity-text";
import classes from "./configuration.module.css";

export function DerivedFigures() {
  const applied = useMirror((state) => state.configuration.current?.state.derived ?? null);
  const wouldBe = useMirror((state) => state.configurationDrafts.derived);
  return (
    <section className={classes.figures} aria-label="What follows">
      {figureGroups().map(({ heading, figures }) => (
        <div key={heading} className={classes.figureGroup}>
          <h2 className={classes.heading}>{heading}</h2>
          <dl>
            {figures.map((figure) => {
              const now = applied?.[figure.name];
              const then = wouldBe?.[figure.name];
              const differs = then !== undefined && then !== now;
              return (
                <div key={figure.name}>
                  <dt>{figure.label}</dt>
                  <dd>
                    {now === undefined ? UNKNOWN : figureText(figure, Number(now))}
                    {differs && <span className={classes.wouldBe}> would be {figureText(figure, Number(then))}</span>}
                  </dd>
                </div>
              );
            })}
          </dl>
        </div>
      ))}
    </section>
  );
}

/** What would follow from what is typed, in a line beside the button that applies it: the figures themselves may be out of sight. */
export function FiguresToBe() {
  const applied = useMirror((state) => state.configuration.current?.state.derived ?? null);
  const wouldBe = useMirror((state) => state.configurationDrafts.derived);
  if (!applied || !wouldBe) return null;
  const changed = figureGroups()
    .flatMap(({ figures }) => figures)
    .filter(({ name }) => wouldBe[name] !== undefined && wouldBe[name] !== applied[name]);
  if (changed.length === 0) return null;
  return (
    <p className={classes.toBe} role="status" aria-label="What would follow">
      {changed.map((figure) => `${figure.label} ${figureText(figure, Number(wouldBe[figure.name]))}`).join(" · ")}
    </p>
  );
}
