/** What the configuration knows of the camera besides what the camera itself offers, such as the scale of its picture. */
import { useMirror } from "../../../shared/hooks";
import { ConfigurationFields } from "../configuration/configuration-fields";
import { DerivedFigures } from "../configuration/derived-figures";
import { useConfiguration } from "../configuration/use-configuration";
import classes from "./camera-panel.module.css";

/** The group's field in Configuration. */
const GROUP = "camera";

export function CameraSettings() {
  const known = useMirror((state) => state.configuration.current !== null);
  const access = useConfiguration();
  const form = access.groups.find(({ name }) => name === GROUP);
  if (!known || !form || form.groups.length === 0) return null;
  return (
    <div className={classes.controls}>
      <ConfigurationFields form={form} access={access} />
      <DerivedFigures />
    </div>
  );
}
