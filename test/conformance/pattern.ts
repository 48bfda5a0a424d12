/** The bytes that both languages' programs fill payloads and tails with: byte i is (i + shift) & 255. */
export function pattern(length: number, shift = 0): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  const first = Math.min(length, 256);
  for (let index = 0; index < first; index++) {
    bytes[index] = (index + shift) & 255;
  }
  for (let filled = first; filled < length; filled *= 2) {
    bytes.copyWithin(filled, 0, Math.min(filled, length - filled));
  }
  return bytes;
}

/** Whether bytes are the pattern with this shift. */
export function isPattern(bytes: Uint8Array, shift: number): boolean {
  return Buffer.compare(bytes, pattern(bytes.length, shift)) === 0;
}
