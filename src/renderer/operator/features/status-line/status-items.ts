/** What each item of the status line says, from the mirror. */
import { CameraPhase } from "../../../../../gen/ts/macroscope/camera/v1/camera_pb";
import { WorkerPhase } from "../../../../../gen/ts/macroscope/application/v1/application_pb";
import { Role } from "../../../../../gen/ts/macroscope/rpc/v1/options_pb";
import type { MirrorState } from "../../../../mirror";
import { bytesText, countText, lastingText, millisecondsText, rateText, UNKNOWN } from "../../../shared/quantity-text";
import { isLost, isRecording, isStuck, workerAnswers } from "../../situation";
import type { StatusItemProps } from "./status-item";

/** A sample older than this no longer follows. */
const STALE_AFTER_MS = 3000;
/** Free space for less than this is worth a look, and then needs a hand. */
const DISK_WARN_S = 20 * 60;
const DISK_ALARM_S = 3 * 60;

type Standing = Pick<StatusItemProps, "tone" | "word" | "stale">;

/** How an item stands by its last sample; an old one, or one of a worker that no longer answers, is shown as just that. */
function standing(state: MirrorState, nowMs: number, receivedAtMs: number, fresh: Standing): Standing {
  const ageMs = nowMs - receivedAtMs;
  const answers = workerAnswers(state);
  if (answers && ageMs < STALE_AFTER_MS) return fresh;
  return { tone: answers ? "warn" : "quiet", word: `${Math.max(0, Math.round(ageMs / 1000))} s ago`, stale: true };
}

export function workerItem(state: MirrorState): StatusItemProps {
  const { worker: channel, host } = state.connection;
  const { process } = state.worker;
  const health = state.hardware.status?.worker;
  const trip = channel.roundTripMs;
  const pid = process?.pid ?? health?.pid;
  const loop = state.hardware.status?.acquisition;
  return {
    name: "Worker",
    ...workerWord(state),
    figures: isStuck(state)
      ? `no turn for ${lastingText((loop?.lastBeatAgeMs ?? 0) / 1000)}`
      : channel.phase === "live" && trip !== null
        ? millisecondsText(trip)
        : "",
    details: [
      ["Link to the host", host?.phase ?? "none: a browser has no host"],
      ["Link to the worker", channel.phase],
      ["Round trip", trip === null ? UNKNOWN : millisecondsText(trip)],
      ["Process", pid ? String(pid) : UNKNOWN],
      ["Restarts", process ? `${process.restarts}, ${process.restartsInLastMinute} in the last minute` : UNKNOWN],
      ["Acquisition loop", loopText(loop)],
      ["Processor", health ? `${health.cpuPercent.toFixed(0)} % of a core` : UNKNOWN],
      ["Memory", health ? bytesText(health.residentBytes) : UNKNOWN],
      ["Loop lag", health ? millisecondsText(health.loopLagMs) : UNKNOWN],
      ["Role", channel.server ? roleText(channel.server.role) : UNKNOWN],
      ["Build", channel.server?.build ?? UNKNOWN],
      ["Schema", schemaText(channel.server)],
    ],
  };
}

function loopText(loop: NonNullable<MirrorState["hardware"]["status"]>["acquisition"]): string {
  if (!loop) return UNKNOWN;
  if (!loop.running) return "rests: no camera";
  const turns = `${countText(loop.beats)} turns`;
  return loop.stuck
    ? `stuck in the driver; ${turns}`
    : `turns; ${turns}, the last ${millisecondsText(loop.lastBeatAgeMs)} before the sample`;
}

function roleText(role: number): string {
  return Role[role]?.toLowerCase() ?? UNKNOWN;
}

function schemaText(server: MirrorState["connection"]["worker"]["server"]): string {
  if (!server) return UNKNOWN;
  return server.schemaDiffers ? "of another build: new fields may be missing" : "the same";
}

function workerWord(state: MirrorState): Standing {
  const { host, worker } = state.connection;
  switch (state.worker.process?.phase) {
    case WorkerPhase.GAVE_UP:
      return { tone: "alarm", word: "stopped" };
    case WorkerPhase.RESTARTING:
      return { tone: "alarm", word: "restarting" };
    case WorkerPhase.STARTING:
      return { tone: "busy", word: "starting" };
    default:
  }
  const channel = host === null || host.phase === "live" ? worker : host;
  if (isStuck(state)) return { tone: "alarm", word: "camera loop stuck" };
  const restarts = state.worker.process?.restartsInLastMinute ?? 0;
  if (channel.phase === "live" && restarts > 0) {
    return { tone: "warn", word: `restarted ${restarts === 1 ? "once" : `${restarts} times`} in the last minute` };
  }
  if (channel.phase === "live") return { tone: "ok", word: "live" };
  if (channel.server === null && channel.phase !== "refused") return { tone: "busy", word: "connecting" };
  if (isLost(channel)) return { tone: "alarm", word: "lost" };
  return { tone: "alarm", word: channel.phase === "stale" ? "no answer" : channel.phase };
}

export function cameraItem(state: MirrorState, nowMs: number): StatusItemProps {
  const camera = state.camera.current?.state;
  const health = state.hardware.status?.camera;
  const lost = health ? health.missingFrames + health.damagedFrames : 0;
  const live = camera?.phase === CameraPhase.LIVE;
  return {
    name: "Camera",
    ...(health
      ? standing(state, nowMs, state.hardware.receivedAtMs, cameraWord(state, lost))
      : cameraWord(state, lost)),
    figures: live && health ? `${rateText(health.frameRateHz)}, ${countText(lost)} dropped` : "",
    details: [
      ["Camera", camera?.camera?.label ?? UNKNOWN],
      ["Rate reached", health ? rateText(health.frameRateHz) : UNKNOWN],
      ["Frames", health ? countText(health.frames) : UNKNOWN],
      ["Missing numbers", health ? countText(health.missingFrames) : UNKNOWN],
      ["Damaged", health ? countText(health.damagedFrames) : UNKNOWN],
      ["Last frame", health ? `${millisecondsText(health.lastFrameAgeMs)} before the sample` : UNKNOWN],
      ["Temperature", health?.temperatureC === undefined ? UNKNOWN : `${health.temperatureC.toFixed(1)} °C`],
    ],
  };
}

function cameraWord(state: MirrorState, lost: number): Standing {
  if (!workerAnswers(state)) return { tone: "quiet", word: "unknown" };
  switch (state.camera.current?.state.phase) {
    case CameraPhase.LIVE:
      return lost > 0 ? { tone: "warn", word: "lost frames" } : { tone: "ok", word: "live" };
    case CameraPhase.OPENING:
      return { tone: "busy", word: "opening" };
    case CameraPhase.FAILED:
      return { tone: "alarm", word: "failed" };
    case CameraPhase.CLOSED:
      return { tone: "quiet", word: "none" };
    default:
      return { tone: "quiet", word: "unknown" };
  }
}

export function previewItem(state: MirrorState, nowMs: number): StatusItemProps {
  const { figures, paused } = state.preview;
  return {
    name: "Preview",
    ...(paused
      ? { tone: "quiet", word: "paused", stale: true }
      : figures
        ? standing(state, nowMs, figures.receivedAtMs, { tone: "ok", word: "live" })
        : { tone: "quiet", word: "none" }),
    figures: figures ? `${rateText(figures.shownRateHz)}, ${countText(figures.skipped)} skipped` : "",
    details: [
      ["State", paused ? "paused: the window is hidden" : figures ? "shown" : "none"],
      ["Shown", figures ? rateText(figures.shownRateHz) : UNKNOWN],
      ["Skipped", figures ? `${countText(figures.skipped)} replaced by newer ones; recording has them` : UNKNOWN],
      ["Frame", figures ? countText(figures.frameId) : UNKNOWN],
      [
        "Picture",
        figures ? `${figures.widthPx} × ${figures.heightPx}, binned ${figures.binning} × ${figures.binning}` : UNKNOWN,
      ],
      [
        "Image",
        figures ? `${figures.imageWidthPx} × ${figures.imageHeightPx}, ${figures.significantBits} bit` : UNKNOWN,
      ],
    ],
  };
}

export function diskItem(state: MirrorState, nowMs: number): StatusItemProps {
  const disk = state.hardware.status?.disk;
  const seconds = disk?.secondsLeft;
  const left = seconds === undefined ? "" : `${lastingText(seconds)} left`;
  return {
    name: "Disk",
    ...(disk
      ? standing(state, nowMs, state.hardware.receivedAtMs, diskWord(state, seconds))
      : { tone: "quiet", word: "unknown" }),
    figures: disk ? left || `${bytesText(disk.freeBytes)} free` : "",
    details: [
      ["Folder", disk?.directory ?? UNKNOWN],
      ["Free", disk ? bytesText(disk.freeBytes) : UNKNOWN],
      ["Lasts", seconds === undefined ? UNKNOWN : `${lastingText(seconds)} at the camera's rate`],
      ["Writing", disk ? `${bytesText(disk.writeBytesPerS)}/s` : UNKNOWN],
    ],
  };
}

function diskWord(state: MirrorState, seconds = Number.POSITIVE_INFINITY): Standing {
  if (seconds < DISK_ALARM_S) return { tone: "alarm", word: "nearly full" };
  if (seconds < DISK_WARN_S) return { tone: "warn", word: "short" };
  return { tone: "ok", word: isRecording(state) ? "writing" : "ready" };
}

export function ringItem(state: MirrorState, nowMs: number): StatusItemProps {
  const ring = state.hardware.status?.ring;
  const dropped = ring?.droppedFrames ?? 0;
  return {
    name: "Ring",
    ...(ring && ring.slots > 0
      ? standing(state, nowMs, state.hardware.receivedAtMs, ringWord(ring))
      : { tone: "quiet", word: "none" }),
    figures: ring && ring.slots > 0 ? `${ring.usedSlots}/${ring.slots}` : "",
    details: [
      ["What it is", "frames in memory between camera and disk"],
      ["Used", ring ? `${ring.usedSlots} of ${ring.slots}` : UNKNOWN],
      ["Highest", ring ? String(ring.highestUsedSlots) : UNKNOWN],
      ["Lost for want of a slot", ring ? countText(dropped) : UNKNOWN],
    ],
  };
}

function ringWord(ring: { droppedFrames: number; usedSlots: number; slots: number }): Standing {
  if (ring.droppedFrames > 0) return { tone: "alarm", word: "lost frames" };
  return ring.usedSlots / ring.slots > 0.75 ? { tone: "warn", word: "filling" } : { tone: "ok", word: "ready" };
}
