/** How a notification reads: a word, a tone, and how long it shows itself. */
import { Severity } from "../../../../../gen/ts/macroscope/notification/v1/notification_pb";
import type { HeardNotifications, NotificationMirror } from "../../../../mirror";
import type { Tone } from "../../../shared/tone";

export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  [Severity.UNSPECIFIED]: "Note",
  [Severity.INFO]: "Info",
  [Severity.WARNING]: "Warning",
  [Severity.ERROR]: "Error",
};

export const SEVERITY_TONES: Readonly<Record<Severity, Tone>> = {
  [Severity.UNSPECIFIED]: "quiet",
  [Severity.INFO]: "quiet",
  [Severity.WARNING]: "warn",
  [Severity.ERROR]: "alarm",
};

/** An error stays until somebody has seen it. */
const SHOWN_FOR_MS: Readonly<Record<Severity, number>> = {
  [Severity.UNSPECIFIED]: 6000,
  [Severity.INFO]: 6000,
  [Severity.WARNING]: 15_000,
  [Severity.ERROR]: Number.POSITIVE_INFINITY,
};

const MS_PER_NS = 1e-6;

/** When it was told last by the worker's clock, Unix milliseconds: to be read, not to be reckoned with. */
export function toldAtMs({ lastUnixNs, raisedUnixNs }: NotificationMirror): number {
  return Number(lastUnixNs === "0" ? raisedUnixNs : lastUnixNs) * MS_PER_NS;
}

/** Nobody has said that they have seen it. */
export function isOpen({ acknowledgedBy }: NotificationMirror): boolean {
  return acknowledgedBy === "";
}

/**
 * Those that show themselves now, the most severe first, the newest first among equals.
 *
 * @param nowMs - by the same clock as `heard`.
 */
export function toastsOf(
  notifications: readonly NotificationMirror[],
  heard: HeardNotifications,
  nowMs: number,
): readonly NotificationMirror[] {
  const isNews = ({ id, severity }: NotificationMirror) => {
    const atMs = heard[id]?.atMs ?? null;
    return atMs !== null && nowMs - atMs < SHOWN_FOR_MS[severity];
  };
  return notifications
    .filter((one) => isOpen(one) && isNews(one))
    .sort((a, b) => b.severity - a.severity || b.id - a.id);
}

/** One by its telling: told again it is another. */
export function tellingOf({ id, count }: NotificationMirror): string {
  return `${id}/${count}`;
}

/** "14:05:12", with the day when it is not today. */
export function timeText(ms: number, nowMs: number): string {
  const time = new Date(ms);
  const clock = time.toLocaleTimeString("en-GB");
  if (time.toDateString() === new Date(nowMs).toDateString()) return clock;
  return `${time.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} ${clock}`;
}
