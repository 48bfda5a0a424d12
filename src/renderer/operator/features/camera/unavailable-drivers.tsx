/** Drivers that list no camera because they cannot work here, with what to do about it. */
import { useMirror } from "../../../shared/hooks";
import { counted } from "../../../shared/quantity-text";
import classes from "./camera-panel.module.css";

export function UnavailableDrivers() {
  const listing = useMirror((state) => state.camera.listing);
  if (!listing || listing.unavailableDrivers.length === 0) return null;
  return (
    <details className={classes.unavailableDrivers}>
      <summary>{counted(listing.unavailableDrivers.length, "driver")} not available</summary>
      <dl>
        {listing.unavailableDrivers.map(({ driver, reason }) => (
          <div key={driver}>
            <dt>{driver}</dt>
            <dd>{reason}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
