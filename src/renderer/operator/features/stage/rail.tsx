/** The left rail: where one is in the day, what can be asked for, how the run goes, and the runs there are. */
import { RunList } from "../review/run-list";
import { RunControls } from "../run/run-controls";
import { RunProgress } from "../run/run-progress";
import { StepList } from "../steps/step-list";
import { PanelBoundary } from "./panel-boundary";
import classes from "./rail.module.css";

export function Rail() {
  return (
    <nav className={classes.rail} aria-label="Day">
      <StepList />
      <RunControls />
      <PanelBoundary name="The run's progress">
        <RunProgress />
      </PanelBoundary>
      <PanelBoundary name="The list of runs">
        <RunList />
      </PanelBoundary>
    </nav>
  );
}
