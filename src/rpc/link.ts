import type { ConnectError } from "@connectrpc/connect";

/**
 * A way for whole frames between two ends: ordered within a lane, reliable until it closes. Everything that carries the protocol is one
 * of these: a MessagePort, a socket, a pair in memory, one connection of a multiplexed link.
 */
export interface Link {
  /**
   * Sends one frame, which belongs to the link from then on. After the link closed it does nothing: whoever listens to `onClose` has
   * been told.
   */
  send(frame: Uint8Array): void;

  /**
   * Sets who gets the frames that arrive; a later call replaces it. Frames that arrive before the first call wait for it. A frame belongs to
   * whoever gets it; its view spans its whole ArrayBuffer on links between processes.
   */
  onFrame(listener: (frame: Uint8Array) => void): void;

  /** Sets who is told, once, that the link has closed, with the reason; a later call replaces it. Told at once if it is closed already. */
  onClose(listener: (reason: ConnectError) => void): void;

  /** Closes the link, also towards the other end. What was sent before still goes out where the medium allows. A second call does nothing. */
  close(reason: string | ConnectError): void;

  /** True when `send` has copied the frame by the time it returns, so that the sender may use the buffer again. */
  readonly copiesOnSend?: boolean;

  /** Bytes of a connection that were sent and that the medium has not taken yet. Missing where a link keeps none back. */
  waitingBytes?(connection: number): number;

  /** Drops what waits of a connection that was closed. Missing where a link keeps none back. */
  forget?(connection: number): void;

  /** Takes back a frame that arrived here and is no longer needed, to use its buffer again. Optional for both sides. */
  recycle?(frame: Uint8Array): void;
}
