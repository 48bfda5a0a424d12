/** How many notifications nobody has seen; opens their history. */
import { Severity } from "../../../../../gen/ts/macroscope/notification/v1/notification_pb";
import { useMirror } from "../../../shared/hooks";
import { counted } from "../../../shared/quantity-text";
import { ToneShape } from "../../../shared/tone";
import { isOpen, SEVERITY_TONES } from "../notifications/severity";
import classes from "./status-line.module.css";

export function NotificationCount({ onOpen }: { readonly onOpen: () => void }) {
  const open = useMirror((state) => state.notifications.current?.state.notifications.filter(isOpen).length ?? 0);
  const worst = useMirror((state) => {
    const severities = state.notifications.current?.state.notifications.filter(isOpen).map(({ severity }) => severity);
    return severities?.reduce((most, one) => Math.max(most, one), Severity.UNSPECIFIED) ?? Severity.UNSPECIFIED;
  });
  return (
    <button
      type="button"
      className={classes.count}
      onClick={onOpen}
      aria-label={`${counted(open, "notification")} to acknowledge`}
      title="Notifications (N)"
    >
      <ToneShape tone={SEVERITY_TONES[worst]} />
      {open}
    </button>
  );
}
