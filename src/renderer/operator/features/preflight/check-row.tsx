/** One check: its result by shape and word, what was found, what to do. */
import { Checkbox } from "@mantine/core";
import { CheckResult } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { CheckMirror } from "../../../../mirror";
import { useMirror } from "../../../shared/hooks";
import { ToneShape, toneText } from "../../../shared/tone";
import { commandHindrance } from "../../authority";
import { useAcceptance } from "./acceptance";
import { RESULT_TONES, RESULT_WORDS } from "./check-words";
import classes from "./preflight.module.css";

export function CheckRow({ check }: { readonly check: CheckMirror }) {
  const { accepted, set } = useAcceptance();
  const powerless = useMirror(commandHindrance);
  const tone = RESULT_TONES[check.result];
  return (
    <li className={classes.check} data-result={RESULT_WORDS[check.result]}>
      <span className={classes.result}>
        <ToneShape tone={tone} size={12} />
        <span className={toneText[tone]}>{RESULT_WORDS[check.result]}</span>
      </span>
      <span className={classes.label}>{check.label}</span>
      <span className={classes.found}>
        {check.found}
        {check.remedy && <span className={classes.remedy}>{check.remedy}</span>}
      </span>
      {check.result === CheckResult.WARN && (
        <Checkbox
          className={classes.accept}
          checked={accepted.has(check.id)}
          disabled={powerless !== undefined}
          onChange={(event) => set(check.id, event.currentTarget.checked)}
          label="Accept"
          aria-label={`Accept: ${check.label}`}
        />
      )}
    </li>
  );
}
