/** One item of the status line: a shape, a word, figures; it opens its detail. */
import { Popover } from "@mantine/core";
import type { ReactNode } from "react";
import { ToneShape, toneText } from "../../../shared/tone";
import type { Tone } from "../../../shared/tone";
import classes from "./status-line.module.css";

export interface StatusItemProps {
  readonly name: string;
  readonly tone: Tone;
  /** The state in a word. */
  readonly word: string;
  readonly figures?: string;
  /** The figures no longer follow. */
  readonly stale?: boolean;
  readonly details: readonly (readonly [term: string, value: ReactNode])[];
}

export function StatusItem({ name, tone, word, figures, stale = false, details }: StatusItemProps) {
  return (
    // Figures change all the time: they are read when asked for, not announced.
    <div role="status" aria-label={name} aria-live="off" className={classes.item}>
      <Popover position="top-start" shadow="md" withinPortal>
        <Popover.Target>
          <button type="button" className={classes.button}>
            <ToneShape tone={tone} />
            <span className={classes.name}>{name}</span>
            <span className={toneText[tone]}>{word}</span>
            {figures && (
              <span className={classes.figures} data-stale={stale || undefined}>
                {figures}
              </span>
            )}
          </button>
        </Popover.Target>
        <Popover.Dropdown className={classes.dropdown}>
          <dl className={classes.details} aria-label={`${name}, in detail`}>
            {details.map(([term, value]) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}
