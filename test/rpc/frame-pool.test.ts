import { describe, expect, it } from "vitest";
import { FramePool } from "../../src/rpc";

describe("FramePool", () => {
  it("hands a recycled buffer out again, once, and only for the same size", () => {
    const pool = new FramePool();
    const buffer = pool.take(100_000);
    pool.recycled(buffer);
    expect(pool.take(100_001)).not.toBe(buffer);
    expect(pool.take(100_000)).toBe(buffer);
    expect(pool.take(100_000)).not.toBe(buffer);
  });

  it("keeps neither small buffers nor views of larger ones", () => {
    const pool = new FramePool();
    const small = pool.take(100);
    pool.recycled(small);
    expect(pool.take(100)).not.toBe(small);
    const view = new Uint8Array(200_000).subarray(0, 100_000);
    pool.recycled(view);
    expect(pool.take(100_000)).not.toBe(view);
  });
});
