import { create } from "@bufbuild/protobuf";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { EchoResponseSchema, FloodResponseSchema } from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import type {
  DiagnosticsService as Description,
  EchoRequest,
  EchoResponse,
  FloodRequest,
  FloodResponse,
} from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";

/** Traffic without meaning, to measure and to test a link with. */
export class DiagnosticsService implements ServiceImpl<typeof Description> {
  echo({ payload }: EchoRequest): EchoResponse {
    return create(EchoResponseSchema, { payload });
  }

  /** The same block every time: making it is not what is measured. */
  async *flood({ messageBytes, messages }: FloodRequest, { signal }: HandlerContext): AsyncGenerator<FloodResponse> {
    const block = new Uint8Array(messageBytes);
    for (let index = 0; index < messages && !signal.aborted; index++) {
      yield create(FloodResponseSchema, { index, block });
    }
  }
}
