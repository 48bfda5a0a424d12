import { PROTOCOL, readConnection, readLane } from "../../src/rpc";

/** The first lane on which frames wait for the connection's credit. */
const FIRST_BULK_LANE = 3;

/** What one connection may have on its way on the lanes of states and frames: its credit, and the frame with which that is passed. */
export const MOST_BULK_BYTES = PROTOCOL.connectionCreditBytes + PROTOCOL.maxWholeFrameBytes;

/** Adds up the bytes of states and frames that are on their way, by connection. */
export class BulkBytes {
  readonly #byConnection = new Map<number, number>();

  /** A frame sets out (1) or arrives (-1). What its connection has on its way then; 0 for frames that are never held back. */
  count(frame: Uint8Array, sign: 1 | -1): number {
    if (readLane(frame) < FIRST_BULK_LANE) {
      return 0;
    }
    const connection = readConnection(frame);
    const bytes = (this.#byConnection.get(connection) ?? 0) + sign * frame.length;
    this.#byConnection.set(connection, bytes);
    return bytes;
  }
}
