/** Arithmetic with readings of the worker's clock, which the mirror keeps as decimal nanoseconds. */

const NS_PER_US = 1000n;
const US_PER_S = 1e6;

/** Seconds from one reading to another; exact to a microsecond. */
export function secondsBetween(fromNs: string, toNs: string): number {
  return Number((BigInt(toNs) - BigInt(fromNs)) / NS_PER_US) / US_PER_S;
}

/** Whether a reading was made; 0 stands for none. */
export function isStamped(ns: string): boolean {
  return ns !== "0" && ns !== "";
}
