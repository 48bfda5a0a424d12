/** The checks before a run: what was found, what to do, and which warnings are accepted. */
import { Checkbox } from "@mantine/core";
import type { CheckMirror } from "../../../../mirror";
import { useMirror } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { ToneShape, toneText } from "../../../shared/tone";
import { workerAnswers } from "../../situation";
import { StageHead } from "../stage/stage-head";
import stage from "../stage/stage.module.css";
import { useAcceptance } from "./acceptance";
import { CheckRow } from "./check-row";
import { summaryOf } from "./check-words";
import classes from "./preflight.module.css";

export function PreflightView() {
  const preflight = useMirror((state) => state.workflow.current?.state.preflight);
  const asked = useMirror((state) => state.commands.runPreflight.pending > 0);
  const answers = useMirror(workerAnswers);
  const checks = preflight?.checks ?? [];
  const running = preflight?.running ?? asked;
  return (
    <section className={stage.cover} aria-label="Pre-flight" aria-busy={running}>
      <StageHead title="Pre-flight" />
      <div className={stage.body} data-stale={!answers || undefined}>
        <Standing checks={checks} running={running} />
        {preflight?.outdated && !running && (
          <Notice tone="warn" title="These checks do not hold any more">
            {preflight.outdated} Start makes them again before the run begins; or run them again now.
          </Notice>
        )}
        {checks.length > 0 && (
          <ul className={classes.checks} aria-label="Checks">
            {checks.map((check) => (
              <CheckRow key={check.id} check={check} />
            ))}
          </ul>
        )}
        <AcceptAll />
      </div>
    </section>
  );
}

function Standing({ checks, running }: { readonly checks: readonly CheckMirror[]; readonly running: boolean }) {
  const { text, tone } = running
    ? { text: "The checks are being made", tone: "busy" as const }
    : checks.length === 0
      ? { text: "The checks have not been made: press Run checks again", tone: "quiet" as const }
      : summaryOf(checks);
  return (
    <p className={classes.summary} role="status" aria-label="Checks, in short">
      <ToneShape tone={tone} size={14} />
      <span className={toneText[tone]}>{text}</span>
    </p>
  );
}

function AcceptAll() {
  const { warnings, accepted, allAccepted, setAll } = useAcceptance();
  if (warnings.length < 2) return null;
  return (
    <Checkbox
      className={classes.all}
      checked={allAccepted}
      indeterminate={accepted.size > 0 && !allAccepted}
      onChange={(event) => setAll(event.currentTarget.checked)}
      label={`Accept all ${warnings.length} warnings`}
    />
  );
}
