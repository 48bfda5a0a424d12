/** The head of what covers the picture: its name, and the way back to the picture. */
import type { ReactNode } from "react";
import { useShortcut } from "../../../shared/shortcuts";
import { useStage } from "./stage";
import classes from "./stage.module.css";

export function StageHead({ title, children }: { readonly title: ReactNode; readonly children?: ReactNode }) {
  const stage = useStage();
  const back = () => stage.show({ kind: "picture" });
  useShortcut({ keys: "Y", label: "The picture, instead of what covers it", group: "Window", run: back });
  return (
    <div className={classes.head}>
      <h2 className={classes.title}>{title}</h2>
      {children}
      <button type="button" className={classes.back} onClick={back} title="Show the picture (Y)">
        Picture
      </button>
    </div>
  );
}
