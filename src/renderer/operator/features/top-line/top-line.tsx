/** What is read from two metres: how things stand, where the run is, time left, recording; and Stop, always in the same place. */
import { Role } from "../../../../../gen/ts/macroscope/rpc/v1/options_pb";
import { useMirror } from "../../../shared/hooks";
import { ToneShape, toneText } from "../../../shared/tone";
import { roleOf } from "../../authority";
import { chosenCamera, situationOf } from "../../situation";
import { stoppable } from "../run/stopping";
import { StopControl } from "../run/stop-control";
import { PhaseReadout } from "./phase-readout";
import { TimeReadout } from "./time-readout";
import classes from "./top-line.module.css";

export function TopLine() {
  const { word, tone } = useMirror(situationOf, sameSituation);
  const running = useMirror((state) => stoppable(state) !== "nothing");
  const viewer = useMirror((state) => roleOf(state) === Role.VIEWER);
  return (
    <header className={classes.line} data-recording={running || undefined}>
      <h1 className={classes.spoken}>Macroscope</h1>
      <div className={classes.situation} role="status" aria-label="State">
        <ToneShape tone={tone} size={18} />
        <span className={`${classes.word} ${toneText[tone] ?? ""}`}>{word}</span>
      </div>
      <PhaseReadout />
      <Subject />
      {viewer && (
        <span className={classes.tag} title="You may look; an operator may change things.">
          Viewer
        </span>
      )}
      <div className={classes.end}>
        <TimeReadout />
        <StopControl />
      </div>
    </header>
  );
}

/** What is recorded: which session of which animal, by which camera. */
function Subject() {
  const camera = useMirror(chosenCamera);
  const session = useMirror((state) => state.configuration.current?.state.values["session.name"]);
  const animal = useMirror((state) => state.configuration.current?.state.values["session.animal_id"]);
  const whose = [session, animal].filter((one) => typeof one === "string" && one !== "").join(" · ");
  return (
    <div className={classes.subject}>
      <span className={classes.oneLine}>{whose}</span>
      <span className={classes.oneLine}>
        {camera?.label ?? ""}
        {camera?.simulated && <span className={classes.tag}>simulated</span>}
      </span>
    </div>
  );
}

function sameSituation(a: { word: string; tone: string }, b: { word: string; tone: string }): boolean {
  return a.word === b.word && a.tone === b.tone;
}
