import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { CheckSchema } from "../../../../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { toPlain } from "../../../../../src/mirror";
import { summaryOf } from "../../../../../src/renderer/operator/features/preflight/check-words";
import { CHECKS, MIXED_CHECKS, WARNED_CHECKS } from "../../../support/fake-run";

const summary = (checks: typeof CHECKS) => summaryOf(checks.map((check) => toPlain(create(CheckSchema, check))));

describe("summaryOf", () => {
  it("tells the worst first", () => {
    expect(summary(MIXED_CHECKS)).toEqual({
      text: "1 check failed, 2 warnings: mend it, and run the checks again",
      tone: "alarm",
    });
    expect(summary(WARNED_CHECKS)).toMatchObject({ tone: "warn" });
    expect(summary(CHECKS)).toEqual({ text: "7 checks passed, 1 skipped: ready to start", tone: "ok" });
  });
});
