import { getOption } from "@bufbuild/protobuf";
import { file_macroscope_rpc_v1_frame } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import { protocol } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import type { Protocol } from "../../gen/ts/macroscope/rpc/v1/options_pb";

/** Version and limits of the protocol, read from the schema; nothing repeats them by hand. */
export const PROTOCOL: Readonly<Protocol> = getOption(file_macroscope_rpc_v1_frame, protocol);

/** Limits that a connection works with: those of the schema, unless a test asks for others. */
export type ProtocolLimits = Readonly<Omit<Protocol, "$typeName" | "$unknown">>;

/** The link itself; its frames carry link envelopes. */
export const LINK_CONNECTION = 0;

/** The number of the connection on a link that carries only one. */
export const ONLY_CONNECTION = 1;
