/** Notifications that show themselves: few at a time, below the top line and beside the picture, read out by screen readers. */
import { Notification } from "@mantine/core";
import { useState } from "react";
import { Severity } from "../../../../../gen/ts/macroscope/notification/v1/notification_pb";
import { acknowledgeNotifications } from "../../../../mirror";
import type { NotificationMirror } from "../../../../mirror";
import { useMirror, useMirrorDispatch, useNow } from "../../../shared/hooks";
import { ToneShape } from "../../../shared/tone";
import { commandHindrance } from "../../authority";
import { SEVERITY_TONES, SEVERITY_WORDS, tellingOf, toastsOf } from "./severity";
import classes from "./notifications.module.css";

/** More would cover too much; the others wait in the history. */
const MOST = 3;

const NONE: readonly NotificationMirror[] = [];

export function Toasts({ onHistory }: { readonly onHistory: () => void }) {
  const dispatch = useMirrorDispatch();
  const nowMs = useNow(500);
  const notifications = useMirror((state) => state.notifications.current?.state.notifications) ?? NONE;
  const powerless = useMirror(commandHindrance);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const toasts = toastsOf(notifications, nowMs).filter((one) => !hidden.has(tellingOf(one)));
  const dismiss = (toast: NotificationMirror) => {
    // Who may not or cannot acknowledge may still look at what is below.
    if (powerless !== undefined) setHidden((before) => new Set([...before, tellingOf(toast)]));
    else void dispatch(acknowledgeNotifications([toast.id]));
  };
  const word = powerless === undefined ? "Acknowledge" : "Hide";
  return (
    <section className={classes.toasts} aria-label="New notifications">
      <div aria-live="polite" className={classes.stack}>
        {toasts.slice(0, MOST).map((toast) => (
          <Toast key={tellingOf(toast)} toast={toast} word={word} onDismiss={() => dismiss(toast)} />
        ))}
      </div>
      {toasts.length > MOST && (
        <button type="button" className={classes.more} onClick={onHistory}>
          {toasts.length - MOST} more in the history (N)
        </button>
      )}
    </section>
  );
}

interface ToastProps {
  readonly toast: NotificationMirror;
  readonly word: string;
  readonly onDismiss: () => void;
}

function Toast({ toast, word, onDismiss }: ToastProps) {
  const severity = SEVERITY_WORDS[toast.severity];
  return (
    <Notification
      role={toast.severity === Severity.ERROR ? "alert" : "group"}
      aria-label={`${severity}: ${toast.message}`}
      className={classes.toast}
      data-severity={severity}
      icon={<ToneShape tone={SEVERITY_TONES[toast.severity]} size={14} />}
      title={`${severity} · ${toast.source}${toast.count > 1 ? ` · ${toast.count} times` : ""}`}
      closeButtonProps={{ "aria-label": `${word}: ${toast.message}`, title: word }}
      onClose={onDismiss}
    >
      <span className={classes.message}>{toast.message}</span>
      {toast.remedy && <span className={classes.remedy}>{toast.remedy}</span>}
    </Notification>
  );
}
