/** Quantities as the operator reads them: as many digits as are meant, with their unit. */

/** What stands where nothing is known. A value is never invented. */
export const UNKNOWN = "–";

const NARROW_SPACE = " ";

/** 11.7 GB, powers of 1000 as disks are sold. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)}${NARROW_SPACE}${units[unit] ?? ""}`;
}

/** 03:41, and 1:03:41 from an hour on. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${parts.join(":")}` : parts.join(":");
}

/** "41 min", "3 h 20 min", "12 s": how long something lasts, roughly. */
export function lastingText(seconds: number): string {
  if (!Number.isFinite(seconds)) return UNKNOWN;
  if (seconds < 60) return `${Math.floor(seconds)}${NARROW_SPACE}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes}${NARROW_SPACE}min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 100) return `over 100${NARROW_SPACE}h`;
  return minutes % 60 === 0 ? `${hours}${NARROW_SPACE}h` : `${hours}${NARROW_SPACE}h ${minutes % 60}${NARROW_SPACE}min`;
}

/** 30.0 Hz. */
export function rateText(hertz: number): string {
  return `${hertz.toFixed(hertz >= 99.95 ? 0 : 1)}${NARROW_SPACE}Hz`;
}

/** 6,620: thousands parted. */
export function countText(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** 0.2 ms. */
export function millisecondsText(ms: number): string {
  return `${ms < 9.95 ? ms.toFixed(1) : Math.round(ms)}${NARROW_SPACE}ms`;
}

/** "1 frame", "2 frames". */
export function counted(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? "" : "s"}`;
}
