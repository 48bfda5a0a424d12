import type { ConnectError } from "@connectrpc/connect";
import type { Hello, Open } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import type { Call } from "./call";

/** What a connection tells whoever drives it. */
export type ConnectionEvent =
  /** Both hellos have been said; calls may begin. `hello` is the peer's. */
  | { readonly type: "opened"; readonly hello: Hello }
  /** Server: a client began a call. */
  | { readonly type: "call"; readonly call: Call; readonly open: Open; readonly tail: Uint8Array }
  /** A message of a call. `skipped` counts, since the call began, what a latest-wins stream has replaced. */
  | {
      readonly type: "message";
      readonly call: Call;
      readonly message: Uint8Array;
      readonly tail: Uint8Array;
      readonly skipped: number;
    }
  /** Server: the client sends nothing more in this call. */
  | { readonly type: "half-closed"; readonly call: Call }
  /** The other end let this one send more of a stream. */
  | { readonly type: "credit"; readonly call: Call }
  /** The call has ended, by the peer, by its deadline, or with the connection; `error` is missing when it ended well. Once a call. */
  | { readonly type: "ended"; readonly call: Call; readonly error: ConnectError | undefined }
  /** The peer ends the connection: no new calls; open ones may finish. */
  | { readonly type: "draining" }
  /** The connection has ended; its calls have been told before. `drained` when it ended after the last of them, as was announced. */
  | { readonly type: "closed"; readonly reason: ConnectError; readonly drained: boolean };
