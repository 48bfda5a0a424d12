/** Reads a run whole and says whether it is: with progress, and a way to give it up. */
import { Button, Progress } from "@mantine/core";
import { cancelVerifyRun, verifyRun } from "../../../../mirror";
import type { MirrorState, VerificationMirror } from "../../../../mirror";
import { useMirror, useMirrorDispatch } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { counted, countText } from "../../../shared/quantity-text";
import { commandHindrance } from "../../authority";
import { stoppable } from "../run/stopping";
import classes from "./review.module.css";

export function RunVerification({ directory }: { readonly directory: string }) {
  const dispatch = useMirrorDispatch();
  const verification = useMirror((state) => state.runs.verifications[directory]);
  const hindrance = useMirror(verifyHindrance);
  if (verification?.running) {
    return (
      <div className={classes.verification} role="group" aria-label="Verification">
        <span>Reading every frame, {percentText(verification.report?.progress ?? 0)}</span>
        <Progress
          className={classes.bar}
          value={(verification.report?.progress ?? 0) * 100}
          size="sm"
          aria-label="Verified part"
        />
        <Button variant="default" size="compact-sm" onClick={() => void dispatch(cancelVerifyRun(directory))}>
          Cancel
        </Button>
      </div>
    );
  }
  return (
    <div className={classes.verified} role="group" aria-label="Verification">
      {verification && <Finding verification={verification} />}
      <div className={classes.verification}>
        <Button
          variant="default"
          size="compact-sm"
          aria-disabled={hindrance !== undefined || undefined}
          data-disabled={hindrance !== undefined || undefined}
          title={hindrance ?? "Read every frame and compare it with its checksum; sweeps with flips and frames"}
          onClick={() => {
            if (hindrance === undefined) void dispatch(verifyRun(directory));
          }}
        >
          {verification ? "Verify again" : "Verify"}
        </Button>
        <span className={classes.quiet}>{hindrance ?? "Reads every frame from the disk; that takes a while."}</span>
      </div>
    </div>
  );
}

/** Reading a whole run would compete with a recording for the disk. */
function verifyHindrance(state: MirrorState): string | undefined {
  const powerless = commandHindrance(state);
  if (powerless !== undefined) return powerless;
  return stoppable(state) === "nothing" ? undefined : "Not while something is recorded: it would take the disk's time.";
}

function percentText(part: number): string {
  return `${Math.floor(part * 100)} %`;
}

function Finding({ verification: { report, error } }: { readonly verification: VerificationMirror }) {
  if (error) {
    return (
      <Notice tone="alarm" title="It could not be verified">
        {error.message}
      </Notice>
    );
  }
  if (!report?.done) {
    return (
      <Notice tone="warn" title="Reading ended before it was done">
        Verify again.
      </Notice>
    );
  }
  const frames = `${countText(report.goodFrames)} of ${counted(report.expectedFrames, "frame")} good`;
  const what = `${frames}, ${counted(report.flips, "flip")}, ${counted(report.sweeps, "sweep")}`;
  if (report.problems.length === 0 && report.complete) {
    return (
      <Notice tone="ok" title="Whole: every frame is there and as it was written">
        {what}
      </Notice>
    );
  }
  return (
    <Notice tone={report.complete ? "warn" : "alarm"} title={report.complete ? "Whole, with remarks" : "Not whole"}>
      {what}
      <ul className={classes.problems}>
        {report.problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </Notice>
  );
}
