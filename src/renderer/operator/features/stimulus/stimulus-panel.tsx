/** The stimulus as it is shown: a picture, the figures of its display, its window, and tests. */
import { useMirror } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { ToneShape, toneText } from "../../../shared/tone";
import { watchGlassByPort } from "./glass-link";
import type { WatchGlass } from "./glass-link";
import { Schematic } from "./schematic";
import { stimulusFigures } from "./stimulus-figures";
import { stimulusStanding } from "./stimulus-standing";
import { StimulusTest } from "./stimulus-test";
import { StimulusWindowButton } from "./stimulus-window-button";
import classes from "./stimulus.module.css";

export interface StimulusPanelProps {
  /** How the stimulus window is asked what is on the glass. */
  readonly watchGlass?: WatchGlass;
}

export function StimulusPanel({ watchGlass = watchGlassByPort }: StimulusPanelProps) {
  return (
    <section className={classes.panel} aria-label="Stimulus display">
      <Standing />
      <Schematic watchGlass={watchGlass} />
      <div className={classes.row}>
        <StimulusWindowButton />
      </div>
      <StimulusTest />
      <Figures />
    </section>
  );
}

function Standing() {
  const { tone, word, sentence } = useMirror(stimulusStanding, sameFields);
  return (
    <div role="status" aria-label="Stimulus" className={classes.standing}>
      <span className={classes.word}>
        <ToneShape tone={tone} /> <span className={toneText[tone]}>{word}</span>
      </span>
      {sentence !== "" && <span className={classes.sentence}>{sentence}</span>}
    </div>
  );
}

function Figures() {
  const figures = useMirror(stimulusFigures, sameFigures);
  if (figures.length === 0) return null;
  return (
    <>
      <dl className={classes.figures} aria-label="Stimulus figures">
        {figures.map(({ term, value, warning, title }) => (
          <div key={term} title={title} data-warning={warning !== "" || undefined}>
            <dt>{term}</dt>
            <dd>
              {warning !== "" && <ToneShape tone="warn" size={9} />} {value}
            </dd>
          </div>
        ))}
      </dl>
      {figures
        .filter(({ warning }) => warning !== "")
        .map(({ term, warning }) => (
          <Notice key={term} tone="warn" title={warning} />
        ))}
    </>
  );
}

function sameFields<Fields extends object>(one: Fields, other: Fields): boolean {
  return Object.entries(one).every(([name, value]) => Object.is(value, other[name as keyof Fields]));
}

function sameFigures(one: readonly object[], other: readonly object[]): boolean {
  return one.length === other.length && one.every((figure, index) => sameFields(figure, other[index] ?? {}));
}
