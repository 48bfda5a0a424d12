/** How the result of a check reads: a word and a tone. */
import { CheckResult } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import type { CheckMirror } from "../../../../mirror";
import { counted } from "../../../shared/quantity-text";
import type { Tone } from "../../../shared/tone";

export const RESULT_WORDS: Readonly<Record<CheckResult, string>> = {
  [CheckResult.UNSPECIFIED]: "not made",
  [CheckResult.PASS]: "pass",
  [CheckResult.WARN]: "warn",
  [CheckResult.FAIL]: "fail",
  [CheckResult.SKIPPED]: "skipped",
};

export const RESULT_TONES: Readonly<Record<CheckResult, Tone>> = {
  [CheckResult.UNSPECIFIED]: "quiet",
  [CheckResult.PASS]: "ok",
  [CheckResult.WARN]: "warn",
  [CheckResult.FAIL]: "alarm",
  [CheckResult.SKIPPED]: "quiet",
};

export interface CheckSummary {
  readonly text: string;
  readonly tone: Tone;
}

/** All checks in one line. */
export function summaryOf(checks: readonly CheckMirror[]): CheckSummary {
  const count = (result: CheckResult) => checks.filter((check) => check.result === result).length;
  const failed = count(CheckResult.FAIL);
  const warned = count(CheckResult.WARN);
  if (failed > 0) {
    const also = warned > 0 ? `, ${counted(warned, "warning")}` : "";
    return { text: `${counted(failed, "check")} failed${also}: mend it, and run the checks again`, tone: "alarm" };
  }
  if (warned > 0) {
    return { text: `${counted(warned, "warning")}: accept or mend before the run starts`, tone: "warn" };
  }
  const skipped = count(CheckResult.SKIPPED);
  const passed = counted(count(CheckResult.PASS), "check");
  return { text: `${passed} passed${skipped > 0 ? `, ${skipped} skipped` : ""}: ready to start`, tone: "ok" };
}
