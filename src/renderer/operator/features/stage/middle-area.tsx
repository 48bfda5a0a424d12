/** The middle of the window: the picture over its figures, or what the phase is about. */
import { WorkflowPhase } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { useMirror } from "../../../shared/hooks";
import { PreflightView } from "../preflight/preflight-view";
import { HistogramPanel } from "../preview/histogram-panel";
import { PreviewPane } from "../preview/preview-pane";
import { TimeCoursesPanel } from "../preview/time-courses-panel";
import { ReviewView } from "../review/review-view";
import { phaseOf } from "../run/transitions";
import { Banner } from "./banner";
import { PanelBoundary } from "./panel-boundary";
import { useStage } from "./stage";
import classes from "./stage.module.css";
import { Uncover } from "./uncover";

const OF_PHASE: Readonly<Partial<Record<WorkflowPhase, { readonly name: string; readonly view: React.ReactNode }>>> = {
  [WorkflowPhase.PRE_FLIGHT]: { name: "Checks", view: <PreflightView /> },
  [WorkflowPhase.REVIEW]: { name: "Review", view: <ReviewView /> },
};

export function MiddleArea() {
  const { view } = useStage();
  const ofPhase = OF_PHASE[useMirror(phaseOf)];
  const cover = view.kind === "run" ? <ReviewView directory={view.directory} /> : undefined;
  const covering = cover ?? (view.kind === "phase" ? ofPhase?.view : undefined);
  return (
    <main className={classes.middle}>
      <Banner />
      {/* The picture keeps its zoom and its stream under whatever covers it. */}
      <div className={classes.picture} inert={covering !== undefined}>
        <PanelBoundary name="The picture">
          <PreviewPane />
        </PanelBoundary>
      </div>
      <div className={classes.panels} inert={covering !== undefined}>
        <PanelBoundary name="The histogram">
          <HistogramPanel />
        </PanelBoundary>
        <PanelBoundary name="The time courses">
          <TimeCoursesPanel />
        </PanelBoundary>
      </div>
      {covering && <PanelBoundary name="This view">{covering}</PanelBoundary>}
      {view.kind === "picture" && ofPhase && <Uncover name={ofPhase.name} />}
    </main>
  );
}
