/** Over the picture, while it is looked at instead of what the phase is about: the way back. */
import { useShortcut } from "../../../shared/shortcuts";
import { useStage } from "./stage";
import classes from "./stage.module.css";

export function Uncover({ name }: { readonly name: string }) {
  const stage = useStage();
  const back = () => stage.show({ kind: "phase" });
  useShortcut({ keys: "Y", label: `${name}, instead of the picture`, group: "Window", run: back });
  return (
    <div className={classes.uncover}>
      <button type="button" className={classes.back} onClick={back} title={`Show ${name} (Y)`}>
        {name}
      </button>
    </div>
  );
}
