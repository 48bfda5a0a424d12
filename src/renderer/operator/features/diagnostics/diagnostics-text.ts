/** Counts of the protocol in words and units. */
import { Code } from "@connectrpc/connect";
import { Role } from "../../../../../gen/ts/macroscope/rpc/v1/options_pb";
import { bytesText, countText, UNKNOWN } from "../../../shared/quantity-text";

/** "CameraService/WatchPreview" is enough to know which; the package is in the title. */
export function methodText(path: string): string {
  const [service = "", method = ""] = path.replace(/^\//, "").split("/");
  return `${service.slice(service.lastIndexOf(".") + 1).replace(/Service$/, "")} · ${method}`;
}

export function roleText(role: number): string {
  return Role[role]?.toLowerCase() ?? UNKNOWN;
}

/** 0.21 ms, 12 ms, 1.5 s. */
export function durationText(ms: number): string {
  if (ms <= 0) return UNKNOWN;
  if (ms < 9.95) return `${ms.toFixed(ms < 0.995 ? 2 : 1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return ms < 99_950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

/** How far the other clock is from ours, and how well that is known: "+12.34 ms ± 0.06". */
export function clockText(clock: { readonly offsetMs: number; readonly errorMs: number } | null | undefined): string {
  if (!clock) return UNKNOWN;
  const sign = clock.offsetMs < 0 ? "−" : "+";
  const error = clock.errorMs.toFixed(2);
  const size = Math.abs(clock.offsetMs);
  if (size < 1000) return `${sign}${size.toFixed(2)} ms ± ${error} ms`;
  return `${sign}${countText(size / 1000)} s ± ${error} ms`;
}

export function rateText(perS: number, unit: "B" | ""): string {
  if (perS <= 0) return UNKNOWN;
  if (unit === "B") return `${bytesText(perS)}/s`;
  return `${perS < 9.95 ? perS.toFixed(1) : countText(perS)}/s`;
}

/** "2 NOT_FOUND, 1 UNAVAILABLE". */
export function errorsText(errors: readonly { readonly code: number; readonly calls: number }[]): string {
  return errors.map(({ code, calls }) => `${countText(calls)} ${codeText(code)}`).join(", ");
}

function codeText(code: number): string {
  const name = (Code as Readonly<Record<number, string | undefined>>)[code] ?? String(code);
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}
