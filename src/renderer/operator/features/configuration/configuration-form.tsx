/** The form of one group of settings, drawn from its descriptor. */
import { useState } from "react";
import type { ReactNode } from "react";
import { allControls, isChanged } from "../../../../mirror";
import { useMirror } from "../../../shared/hooks";
import { counted } from "../../../shared/quantity-text";
import { workerAnswers } from "../../situation";
import { DISPLAY_PATH } from "../displays/detected-display";
import { DisplayChooser } from "../displays/display-chooser";
import { CommandNotices } from "./command-notices";
import { ConfigurationFields } from "./configuration-fields";
import { FiguresToBe } from "./derived-figures";
import { useConfiguration } from "./use-configuration";
import classes from "./configuration.module.css";

/** What a group has besides its fields, and the field that it stands for. */
const LEADS: Readonly<Record<string, { readonly lead: ReactNode; readonly path: string }>> = {
  display: { lead: <DisplayChooser />, path: DISPLAY_PATH },
};

export interface ConfigurationFormProps {
  /** The group's field in Configuration. */
  readonly group: string;
  /** Stands above the fields. */
  readonly lead?: ReactNode;
  /** Stands below the fields. */
  readonly children?: ReactNode;
}

export function ConfigurationForm({ group, lead, children }: ConfigurationFormProps) {
  const known = useMirror((state) => state.configuration.current !== null);
  const answers = useMirror(workerAnswers);
  if (known) {
    return (
      <GroupForm group={group} lead={lead}>
        {children}
      </GroupForm>
    );
  }
  return (
    <p className={classes.empty}>
      {answers ? "The settings are being read." : "The settings come here when the worker answers."}
    </p>
  );
}

function GroupForm({ group, lead, children }: ConfigurationFormProps) {
  const access = useConfiguration();
  const [helped, setHelped] = useState("");
  const runActive = useMirror((state) => state.configuration.current?.state.runActive ?? false);
  const form = access.groups.find(({ name }) => name === group);
  if (!form) return <p className={classes.empty}>The schema has no settings of this kind.</p>;
  const controls = allControls(form.groups);
  const changed = controls.filter((control) => isChanged(control, access.drafts[control.path]));
  const locked = controls.every((control) => control.detected || access.lockOf(control) !== undefined);
  const help = controls.find(({ path }) => path === helped);
  const helpAt = (event: { readonly target: EventTarget }) => {
    const path = event.target instanceof Element ? event.target.closest("[data-path]")?.getAttribute("data-path") : "";
    if (path) setHelped(path);
  };
  return (
    <section className={classes.form} aria-label={`${form.label} settings`} onFocus={helpAt} onPointerOver={helpAt}>
      {/* With nothing to type in, it still has to be read to its end by keys. */}
      <div className={classes.scroll} tabIndex={locked ? 0 : undefined} role="group" aria-label="Fields">
        {runActive && <p className={classes.running}>A run goes on: what it needs is fixed until it has ended.</p>}
        <CommandNotices command="updateConfiguration" title="The settings were not changed" controls={controls} />
        <CommandNotices command="resetConfiguration" title="The settings were not reset" controls={[]} />
        {lead}
        {LEADS[group]?.lead}
        <ConfigurationFields form={form} access={access} without={LEADS[group]?.path} />
        {children}
      </div>
      {changed.length > 0 && <FiguresToBe />}
      {changed.length > 0 && (
        <div className={classes.pending}>
          <span>{counted(changed.length, "change")} not applied</span>
          <button type="button" className={classes.button} onClick={() => access.restore(changed)}>
            Restore
          </button>
          <button type="button" className={classes.primary} onClick={() => access.apply(controls)}>
            Apply
          </button>
        </div>
      )}
      <p className={classes.help}>{help ? `${help.label}: ${help.help}` : ""}</p>
    </section>
  );
}
