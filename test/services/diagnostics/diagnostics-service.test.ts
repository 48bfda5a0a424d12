import { createHandlerContext } from "@connectrpc/connect";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import {
  DiagnosticsService,
  EchoRequestSchema,
  FloodRequestSchema,
  GetTrafficRequestSchema,
  ProcessTrafficSchema,
  ReportTrafficRequestSchema,
} from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { diagnosticsService } from "../../../src/services/diagnostics/diagnostics-service";

const context = (signal?: AbortSignal) =>
  createHandlerContext({
    service: DiagnosticsService,
    method: DiagnosticsService.method.flood,
    protocolName: "test",
    requestMethod: "POST",
    url: "",
    ...(signal && { requestSignal: signal }),
  });

describe("diagnosticsService", () => {
  it("echoes", async () => {
    const answer = await diagnosticsService().echo(create(EchoRequestSchema, { payload: Uint8Array.of(1) }), context());
    expect(answer.payload).toEqual(Uint8Array.of(1));
  });

  it("floods with as many messages of the size as asked, numbered from 0", async () => {
    const request = create(FloodRequestSchema, { messageBytes: 10, messages: 3 });
    const got = [];
    for await (const { index, block } of diagnosticsService().flood(request, context())) {
      got.push([index, block?.length]);
    }
    expect(got).toEqual([
      [0, 10],
      [1, 10],
      [2, 10],
    ]);
  });

  it("tells its own counts, then those reported, until the reporter's connection ends", async () => {
    const service = diagnosticsService({ own: () => create(ProcessTrafficSchema, { process: "host", countedS: 3 }) });
    const names = async () => {
      const { processes } = await service.getTraffic(create(GetTrafficRequestSchema), context());
      return processes?.map(({ process }) => process);
    };
    expect(await names()).toEqual(["host"]);
    const { promise: closed, resolve: close } = Promise.withResolvers<undefined>();
    const ofWindow = Object.assign(context(), { peer: { label: "operator window 1", closed } });
    const request = create(ReportTrafficRequestSchema, { process: { process: "operator window 1" } });
    await service.reportTraffic(request, ofWindow);
    expect(await names()).toEqual(["host", "operator window 1"]);
    close(undefined);
    await closed;
    expect(await names()).toEqual(["host"]);
  });

  it("listens once to the end of a connection, however often it reports", async () => {
    const service = diagnosticsService();
    let listeners = 0;
    const closed = { then: () => (listeners += 1) } as unknown as Promise<unknown>;
    const ofWindow = Object.assign(context(), { peer: { label: "operator window 1", closed } });
    const request = create(ReportTrafficRequestSchema, { process: { process: "operator window 1" } });
    for (let report = 0; report < 100; report += 1) await service.reportTraffic(request, ofWindow);
    expect(listeners).toBe(1);
  });

  it("stops flooding when nobody wants it any more", async () => {
    const controller = new AbortController();
    const request = create(FloodRequestSchema, { messageBytes: 1, messages: 1_000_000 });
    let count = 0;
    for await (const _ of diagnosticsService().flood(request, context(controller.signal))) {
      if (++count === 5) {
        controller.abort();
      }
    }
    expect(count).toBe(5);
  });
});
