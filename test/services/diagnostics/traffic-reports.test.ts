import { create } from "@bufbuild/protobuf";
import { beforeEach, describe, expect, it } from "vitest";
import { ProcessTrafficSchema } from "../../../gen/ts/macroscope/diagnostics/v1/diagnostics_pb";
import { FORGET_AFTER_MS, MOST_REPORTS, TrafficReports } from "../../../src/services/diagnostics/traffic-reports";

const report = (process: string, countedS = 0) => create(ProcessTrafficSchema, { process, countedS });

/** A connection. */
const here = {};

let nowMs = 0;
let reports: TrafficReports;
const names = () => reports.newest().map(({ process }) => process);

beforeEach(() => {
  nowMs = 0;
  reports = new TrafficReports(() => nowMs);
});

describe("TrafficReports", () => {
  it("has the newer report replace the older", () => {
    reports.put(here, "window 1", report("window 1", 1));
    reports.put(here, "window 1", report("window 1", 2));
    expect(reports.newest().map(({ countedS }) => countedS)).toEqual([2]);
  });

  it("lets nobody report in another's name", () => {
    reports.put(here, "window 1", report("worker"));
    expect(names()).toEqual(["window 1: worker"]);
  });

  it("makes no name that is longer than the schema lets one be, or nobody could read the answer", () => {
    reports.put(here, "window 1", report("x".repeat(120)));
    reports.put(here, "window 2 ".repeat(20), report("window"));
    expect(names().map((name) => name.length)).toEqual([120, 120]);
  });

  it("gives a window that does not know its number its whole name", () => {
    reports.put(here, "operator window 1", report("operator window"));
    expect(names()).toEqual(["operator window 1"]);
  });

  it("forgets a report with its connection, and no newer one", () => {
    const before = {};
    reports.put(before, "window 1", report("window 1"));
    reports.put(here, "window 1", report("window 1"));
    reports.forget(before);
    expect(names()).toEqual(["window 1"]);
    reports.forget(here);
    expect(names()).toEqual([]);
  });

  it("forgets one that no longer reports", () => {
    reports.put(here, "a", report("a"));
    nowMs = FORGET_AFTER_MS / 2;
    reports.put(here, "b", report("b"));
    nowMs = FORGET_AFTER_MS + 1;
    expect(names()).toEqual(["b"]);
  });

  it("has only so many", () => {
    for (let page = 0; page < 2 * MOST_REPORTS; page += 1) reports.put(here, "page", report(`page ${String(page)}`));
    expect(names()).toHaveLength(MOST_REPORTS);
    expect(names()).toContain(`page ${String(2 * MOST_REPORTS - 1)}`);
  });
});
