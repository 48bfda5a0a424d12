const HEADER_BYTES = 16;

/**
 * Fewer bytes of which the same holds: pieces are left out, smaller and smaller ones, as long as it does. Where a piece of the envelope is left out,
 * the header's length is made to fit.
 */
export async function shrunk(bytes: Uint8Array, holds: (bytes: Uint8Array) => Promise<boolean>): Promise<Uint8Array> {
  let best = bytes;
  for (let piece = Math.max(1, best.length >> 1); piece >= 1; piece >>= 1) {
    for (let at = 0; at < best.length;) {
      const candidates = [without(best, at, piece), fitted(best, at, piece)];
      let better: Uint8Array | undefined;
      for (const candidate of candidates) {
        if (candidate !== undefined && (await holds(candidate))) {
          better = candidate;
          break;
        }
      }
      if (better === undefined) {
        at += piece;
      } else {
        best = better;
      }
    }
  }
  return best;
}

function without(bytes: Uint8Array, at: number, piece: number): Uint8Array {
  const rest = new Uint8Array(bytes.length - Math.min(piece, bytes.length - at));
  rest.set(bytes.subarray(0, at));
  rest.set(bytes.subarray(Math.min(bytes.length, at + piece)), at);
  return rest;
}

function fitted(bytes: Uint8Array, at: number, piece: number): Uint8Array | undefined {
  if (at < HEADER_BYTES || bytes.length < HEADER_BYTES) {
    return undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const envelope = view.getUint32(8, true);
  if (view.getUint32(12, true) !== 0 || at + piece > HEADER_BYTES + envelope) {
    return undefined;
  }
  const shorter = without(bytes, at, piece);
  new DataView(shorter.buffer).setUint32(8, envelope - piece, true);
  return shorter;
}
