const PERIOD = 256;
let long = new Uint8Array(0);

/** The bytes (i + index) & 255. A view; not to be written to. */
export function patternBytes(length: number, index: number): Uint8Array {
  if (long.length < length + PERIOD) {
    long = Uint8Array.from({ length: 2 * length + PERIOD }, (_, at) => at & 0xff);
  }
  const start = index % PERIOD;
  return long.subarray(start, start + length);
}

/** Whether these are those bytes. */
export function isPattern(bytes: Uint8Array, length: number, index: number): boolean {
  return bytes.length === length && Buffer.compare(bytes, patternBytes(length, index)) === 0;
}
