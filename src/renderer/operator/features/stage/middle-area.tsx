/** The middle of the window: the picture over its figures, or what the phase is about. */
import { WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { useMirror } from "../../../shared/hooks";
import { PreviewPane } from "../preview/preview-pane";
import { PreflightView } from "../preflight/preflight-view";
import { ReviewView } from "../review/review-view";
import { phaseOf } from "../run/transitions";
import { useStage } from "./stage";
import classes from "./stage.module.css";

export function MiddleArea() {
  const covered = useCover();
  return (
    <div className={classes.middle}>
      {/* The picture keeps its zoom and its stream under whatever covers it. */}
      <div className={classes.picture} inert={covered !== undefined}>
        <PreviewPane />
      </div>
      {covered}
    </div>
  );
}

/** What covers the picture; undefined: nothing. */
function useCover() {
  const { view } = useStage();
  const phase = useMirror(phaseOf);
  if (view.kind === "picture") return undefined;
  if (view.kind === "run") return <ReviewView directory={view.directory} />;
  if (phase === WorkflowPhase.PRE_FLIGHT) return <PreflightView />;
  if (phase === WorkflowPhase.REVIEW) return <ReviewView />;
  return undefined;
}
