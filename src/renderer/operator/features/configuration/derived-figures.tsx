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
