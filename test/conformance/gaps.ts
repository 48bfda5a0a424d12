import type { Language } from "./programs";

/** One case of one pairing, or one script against one program. */
export interface Instance {
  readonly client?: Language;
  readonly server?: Language;
  readonly category: string;
  readonly name: string;
}

interface Gap extends Partial<Instance> {
  /** What is missing, and where. */
  readonly reason: string;
}

/** Cases that are known to fail, with the reason. They are shown as skipped. */
const GAPS: readonly Gap[] = [];

/** Why a case is known to fail in this pairing; undefined when it has to pass. */
export function gapOf(instance: Instance): string | undefined {
  const fits = (gap: Gap) =>
    (["client", "server", "category", "name"] as const).every(
      (field) => gap[field] === undefined || gap[field] === instance[field],
    );
  return GAPS.find(fits)?.reason;
}
