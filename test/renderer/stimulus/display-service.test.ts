import { getEventListeners } from "node:events";
import { createRouterTransport } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { StimulusDisplayService } from "../../../gen/ts/macroscope/stimulus/v1/display_pb";
import { GlassNews, stimulusDisplayService } from "../../../src/renderer/stimulus/display-service";
import { createClient } from "../../../src/rpc";

function watch(news: GlassNews, maxRateHz: number) {
  const transport = createRouterTransport((router) =>
    router.service(StimulusDisplayService, stimulusDisplayService(news)),
  );
  const ended = new AbortController();
  const stream = createClient(StimulusDisplayService, transport).watchGlass({ maxRateHz }, { signal: ended.signal });
  const glasses = stream[Symbol.asyncIterator]();
  const next = async () => {
    const result = await glasses.next();
    if (result.done === true) throw new Error("The stream has ended.");
    return result.value.glass;
  };
  return { ended, next };
}

describe("stimulusDisplayService", () => {
  it("tells what is on the glass now, and the newest of what came since", async () => {
    const news = new GlassNews();
    news.tell({ renderer: "card", widthPx: 1920 });
    const { ended, next } = watch(news, 60);
    expect(await next()).toMatchObject({ renderer: "card", widthPx: 1920, problem: "" });
    for (const flipIndex of [1n, 2n, 3n]) news.tell({ flipIndex, angleDeg: Number(flipIndex) });
    expect(await next()).toMatchObject({ flipIndex: 3n, angleDeg: 3, renderer: "card" });
    ended.abort();
  });

  it("tells grey from a bar at 0°", async () => {
    const news = new GlassNews();
    news.tell({ angleDeg: 0 });
    const { ended, next } = watch(news, 60);
    expect((await next())?.angleDeg).toBe(0);
    news.tell({ angleDeg: undefined });
    expect((await next())?.angleDeg).toBeUndefined();
    ended.abort();
  });

  it("ends with the call", async () => {
    const news = new GlassNews();
    const { ended, next } = watch(news, 1);
    await next();
    const another = next();
    ended.abort();
    await expect(another).rejects.toThrow();
  });

  it("leaves nothing on the call's signal for each change that it has waited for", async () => {
    const news = new GlassNews();
    const { signal } = new AbortController();
    for (let flip = 0; flip < 100; flip += 1) {
      const changed = news.next(signal);
      news.tell({ flipIndex: BigInt(flip) });
      await changed;
    }
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});
