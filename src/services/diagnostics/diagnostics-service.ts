import { create } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  EchoResponseSchema,
  FloodResponseSchema,
  GetTrafficResponseSchema,
  ProbeStopResponseSchema,
  ReportTrafficResponseSchema,
} from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import type { DiagnosticsService } from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";

/** Serves `DiagnosticsService`: traffic without meaning, to measure and to test a link with. */
export function diagnosticsService(): ServiceImpl<typeof DiagnosticsService> {
  return {
    echo: ({ payload }) => create(EchoResponseSchema, { payload }),

    async *flood({ messageBytes, messages }, { signal }) {
      // The same block every time: making it is not what is measured.
      const block = new Uint8Array(messageBytes);
      for (let index = 0; index < messages && !signal.aborted; index++) {
        yield create(FloodResponseSchema, { index, block });
      }
    },

    probeStop: () => create(ProbeStopResponseSchema, { handledNs: BigInt(Math.round(performance.now() * 1e6)) }),

    getTraffic: () => create(GetTrafficResponseSchema, { processes: [{ process: "host" }] }),

    reportTraffic: () => create(ReportTrafficResponseSchema),
  };
}
