import type { DescService } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { AcquisitionService } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { CameraService } from "../../gen/ts/macroscope/camera/v1/camera_pb";
import { DiagnosticsService } from "../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { Delivery, Lane, Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { createServer, methodPolicy, PROTOCOL } from "../../src/rpc";
import { hasPolicy } from "../../src/rpc/method-policy";

/** Every service of the contract, whether anybody remembers it here or not. */
const modules = import.meta.glob<Record<string, unknown>>("../../gen/ts/**/*_pb.ts", { eager: true });
const services = Object.values(modules)
  .flatMap((module) => Object.values(module))
  .filter((value): value is DescService => (value as Partial<DescService>).kind === "service");

describe("methodPolicy", () => {
  it("reads what the schema says", () => {
    expect(methodPolicy(AcquisitionService.method.stopRecording)).toEqual({
      path: "/macroscope.acquisition.v1.AcquisitionService/StopRecording",
      lane: Lane.STOP,
      delivery: Delivery.RELIABLE,
      neededRole: Role.OPERATOR,
      defaultDeadlineMs: 60_000,
      idempotent: true,
      sideEffects: true,
    });
    expect(methodPolicy(DiagnosticsService.method.echo)).toMatchObject({ idempotent: true, sideEffects: false });
    expect(methodPolicy(AcquisitionService.method.startRecording)).toMatchObject({
      idempotent: false,
      sideEffects: true,
    });
    expect(methodPolicy(CameraService.method.watchPreview)).toMatchObject({
      lane: Lane.FRAME,
      delivery: Delivery.LATEST_WINS,
      defaultDeadlineMs: undefined,
    });
  });

  it.each(services.flatMap((service) => service.methods.map((method) => [method.toString(), method] as const)))(
    "is complete for %s",
    (_name, method) => {
      const stream = method.methodKind === "server_streaming";
      expect(["unary", "server_streaming"]).toContain(method.methodKind);
      expect(hasPolicy(method)).toBe(true);
      expect(methodPolicy(method).defaultDeadlineMs === undefined).toBe(stream);
    },
  );
});

describe("a method without a policy", () => {
  it("is served by nobody", () => {
    const { echo } = DiagnosticsService.method;
    const bare = { ...echo, proto: { ...echo.proto, options: undefined } };
    const service = { ...DiagnosticsService, methods: [bare] } as unknown as typeof DiagnosticsService;
    const server = createServer({ build: "s", session: "s", epoch: 1n });
    expect(() => server.register(service, { echo: () => ({}) })).toThrow("sets no policy");
  });
});

describe("PROTOCOL", () => {
  it("comes from the schema", () => {
    expect(PROTOCOL).toMatchObject({ major: 1, maxFrameBytes: 16_777_216, initialCreditMessages: 4 });
  });
});
