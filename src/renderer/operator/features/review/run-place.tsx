/** Where a run lies. */
import { CopyButton } from "../../../shared/copy-button";
import classes from "./review.module.css";

export function RunPlace({ directory }: { readonly directory: string }) {
  return (
    <div className={classes.place}>
      <code className={classes.path} title={directory}>
        <bdi>{directory}</bdi>
      </code>
      <CopyButton text={directory} label="Copy path" />
    </div>
  );
}
