/** The notifications there were, newest first: what, when, what to do, and who has seen it. */
import { Button, Drawer } from "@mantine/core";
import { acknowledgeNotifications } from "../../../../mirror";
import type { NotificationMirror } from "../../../../mirror";
import { useMirror, useMirrorDispatch, useNow } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { ToneShape, toneText } from "../../../shared/tone";
import { commandHindrance } from "../../authority";
import { isOpen, SEVERITY_TONES, SEVERITY_WORDS, timeText, toldAtMs } from "./severity";
import classes from "./notifications.module.css";

const NONE: readonly NotificationMirror[] = [];

export function NotificationHistory({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={480}
      title="Notifications"
      lockScroll={false}
      closeButtonProps={{ "aria-label": "Close" }}
      classNames={{ body: classes.drawer, content: classes.content }}
    >
      <History />
    </Drawer>
  );
}

function History() {
  const dispatch = useMirrorDispatch();
  const nowMs = useNow(10_000);
  const notifications = useMirror((state) => state.notifications.current?.state.notifications) ?? NONE;
  const hindrance = useMirror(commandHindrance);
  const error = useMirror((state) => state.commands.acknowledgeNotifications.error);
  const open = notifications.filter(isOpen).length;
  if (notifications.length === 0) return <p className={classes.empty}>Nothing has been told yet.</p>;
  return (
    <>
      <div className={classes.head}>
        <span>{open === 0 ? "All are acknowledged." : `${open} not acknowledged.`}</span>
        <Button
          variant="default"
          size="compact-sm"
          aria-disabled={open === 0 || hindrance !== undefined || undefined}
          data-disabled={open === 0 || hindrance !== undefined || undefined}
          title={hindrance}
          onClick={() => {
            if (open > 0 && hindrance === undefined) void dispatch(acknowledgeNotifications([]));
          }}
        >
          Acknowledge all
        </Button>
      </div>
      {error && (
        <Notice tone="alarm" title="They were not acknowledged">
          {error.message}
        </Notice>
      )}
      <ul className={classes.list} aria-label="Notifications, newest first">
        {notifications.toReversed().map((one) => (
          <HistoryItem key={one.id} one={one} nowMs={nowMs} locked={hindrance !== undefined} />
        ))}
      </ul>
    </>
  );
}

interface HistoryItemProps {
  readonly one: NotificationMirror;
  readonly nowMs: number;
  readonly locked: boolean;
}

function HistoryItem({ one, nowMs, locked }: HistoryItemProps) {
  const dispatch = useMirrorDispatch();
  const tone = SEVERITY_TONES[one.severity];
  return (
    <li className={classes.item} data-open={isOpen(one) || undefined}>
      <div className={classes.itemHead}>
        <ToneShape tone={tone} />
        <span className={toneText[tone]}>{SEVERITY_WORDS[one.severity]}</span>
        <span className={classes.source}>{one.source}</span>
        <code className={classes.code}>{one.code}</code>
        {one.count > 1 && <span>{one.count} times</span>}
        <time className={classes.time}>{timeText(toldAtMs(one), nowMs)}</time>
      </div>
      <p className={classes.told}>{one.message}</p>
      {one.remedy && <p className={classes.told}>{one.remedy}</p>}
      {isOpen(one) ? (
        !locked && (
          <Button
            variant="default"
            size="compact-xs"
            aria-label={`Acknowledge: ${one.message}`}
            onClick={() => void dispatch(acknowledgeNotifications([one.id]))}
          >
            Acknowledge
          </Button>
        )
      ) : (
        <p className={classes.seen}>
          Acknowledged by {one.acknowledgedBy}, {timeText(Number(one.acknowledgedUnixNs) / 1e6, nowMs)}
        </p>
      )}
    </li>
  );
}
