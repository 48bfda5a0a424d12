/** Notifications that show themselves: few at a time, at the foot of the left side, where they take room and cover nothing; read out by screen readers. */
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
  const heard = useMirror((state) => state.notifications.heard);
  const epoch = useMirror((state) => state.notifications.current?.epoch ?? "");
  const powerless = useMirror(commandHindrance);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const keyOf = (one: NotificationMirror) => `${epoch}/${tellingOf(one)}`;
  const toasts = toastsOf(notifications, heard, nowMs).filter((one) => !hidden.has(keyOf(one)));
  const dismiss = (toast: NotificationMirror) => {
    // Who may not or cannot acknowledge may still look at what is below.
    if (powerless !== undefined) setHidden((before) => new Set([...before, keyOf(toast)]));
    else void dispatch(acknowledgeNotifications([toast.id]));
  };
  const word = powerless === undefined ? "Acknowledge" : "Hide";
  return (
    <section className={classes.toasts} data-some={toasts.length > 0 || undefined} aria-label="New notifications">
      <div aria-live="polite" className={classes.stack}>
        {toasts.slice(0, MOST).map((toast) => (
          <Toast key={keyOf(toast)} toast={toast} word={word} onDismiss={() => dismiss(toast)} />
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
    <div
      role={toast.severity === Severity.ERROR ? "alert" : "group"}
      aria-label={`${severity}: ${toast.message}`}
      className={classes.toast}
      data-severity={severity}
    >
      <div className={classes.toastHead}>
        <ToneShape tone={SEVERITY_TONES[toast.severity]} size={12} />
        <span>{`${severity} · ${toast.source}${toast.count > 1 ? ` · ${toast.count} times` : ""}`}</span>
        <button
          type="button"
          className={classes.dismiss}
          aria-label={`${word}: ${toast.message}`}
          title={word}
          onClick={onDismiss}
        >
          ×
        </button>
      </div>
      <p className={classes.message} title={toast.message}>
        {toast.message}
      </p>
      {toast.remedy && (
        <p className={classes.remedy} title={toast.remedy}>
          {toast.remedy}
        </p>
      )}
    </div>
  );
}
