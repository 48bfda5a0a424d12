/** When a preset was saved, as people read it. */

const NS_PER_MS = 1_000_000n;

/** "2026-03-01 10:15", local time; empty when it is not known. */
export function savedText(unixNs: string): string {
  const ms = Number(BigInt(unixNs) / NS_PER_MS);
  if (ms === 0) return "";
  const at = new Date(ms);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
