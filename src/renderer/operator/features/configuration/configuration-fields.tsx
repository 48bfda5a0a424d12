/** The fields of one group of settings under their headings. */
import { allControls, isSection } from "../../../../mirror";
import type { ConfigurationGroup, Control, ControlGroup } from "../../../../mirror";
import { differsFromDefault } from "../../../shared/form/parameter-control";
import { ConfigurationField } from "./configuration-field";
import type { ConfigurationAccess } from "./use-configuration";
import classes from "./configuration.module.css";

export interface ConfigurationFieldsProps {
  readonly form: ConfigurationGroup;
  readonly access: ConfigurationAccess;
  /** A field that something else stands for. */
  readonly without?: string | undefined;
}

export function ConfigurationFields({ form, access, without }: ConfigurationFieldsProps) {
  const controls = allControls(form.groups);
  const fieldOf = (control: Control) => (
    <ConfigurationField key={control.path} control={control} access={access} together={controls} />
  );
  return form.groups.map((group) => (
    <div key={group.heading} role="group" aria-label={group.heading}>
      <GroupHeading group={group} access={access} />
      {group.items
        .filter(({ path }) => path !== without)
        .map((item) =>
          isSection(item) ? (
            <fieldset key={item.path} className={classes.section}>
              <legend title={item.help}>{item.label}</legend>
              {item.controls.map(fieldOf)}
            </fieldset>
          ) : (
            fieldOf(item)
          ),
        )}
    </div>
  ));
}

function GroupHeading({ group, access }: { readonly group: ControlGroup; readonly access: ConfigurationAccess }) {
  const away = allControls([group]).filter(
    (control) => differsFromDefault(control) && access.lockOf(control) === undefined,
  );
  return (
    <h2 className={classes.heading}>
      {group.heading}
      {away.length > 1 && (
        <button
          type="button"
          className={classes.quiet}
          title={`Give ${away.map(({ label }) => label).join(", ")} their defaults`}
          aria-label={`Defaults of ${group.heading}`}
          onClick={() => access.reset(away)}
        >
          Defaults
        </button>
      )}
    </h2>
  );
}
