/** Something the operator is told in place: what happened, and what to do. */
import type { ReactNode } from "react";
import { ToneShape, toneText } from "./tone";
import type { Tone } from "./tone";
import classes from "./notice.module.css";

export interface NoticeProps {
  readonly tone: Tone;
  readonly title: string;
  readonly children?: ReactNode;
  readonly onDismiss?: () => void;
  /** To be read from two metres. */
  readonly large?: boolean;
}

export function Notice({ tone, title, children, onDismiss, large = false }: NoticeProps) {
  return (
    <div
      className={classes.notice}
      data-tone={tone}
      data-large={large || undefined}
      role={tone === "alarm" ? "alert" : "note"}
    >
      <div className={classes.title}>
        <ToneShape tone={tone} size={large ? 14 : 10} />
        <span className={toneText[tone]}>{title}</span>
        {onDismiss && (
          <button type="button" className={classes.dismiss} onClick={onDismiss} aria-label={`Dismiss: ${title}`}>
            ×
          </button>
        )}
      </div>
      {children && <div className={classes.body}>{children}</div>}
    </div>
  );
}
