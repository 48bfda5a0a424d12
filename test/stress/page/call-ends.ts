/** Looks at the frames that arrive on a link, below everything that could hide it: how often each call has ended. */
import { fromBinary } from "@bufbuild/protobuf";
import { EnvelopeSchema } from "../../../gen/ts/macroscope/rpc/v1/frame_pb";
import { decodeFrame, type Link } from "../../../src/rpc";

/** Calls that have ended, by connection; call numbers are never used twice on one. */
export class CallEnds {
  readonly #ended = new Map<number, Set<number>>();
  #twice = 0;

  /** Ends of calls that had ended already. */
  get twice(): number {
    return this.#twice;
  }

  /** The same link, watched. */
  watch(link: Link): Link {
    return {
      send: (frame) => {
        link.send(frame);
      },
      onFrame: (listener) => {
        link.onFrame((frame) => {
          this.note(frame);
          listener(frame);
        });
      },
      onClose: (listener) => {
        link.onClose(listener);
      },
      close: (reason) => {
        link.close(reason);
      },
      copiesOnSend: link.copiesOnSend === true,
    };
  }

  /** A frame has arrived. */
  note(bytes: Uint8Array): void {
    const frame = decodeFrame(bytes);
    if (frame.connection === 0) return;
    const { kind } = fromBinary(EnvelopeSchema, frame.envelope);
    const ends = kind.case === "status" || (kind.case === "message" && kind.value.last);
    if (!ends) return;
    let ended = this.#ended.get(frame.connection);
    if (!ended) {
      ended = new Set();
      this.#ended.set(frame.connection, ended);
    }
    if (ended.has(kind.value.call)) this.#twice += 1;
    ended.add(kind.value.call);
  }
}
