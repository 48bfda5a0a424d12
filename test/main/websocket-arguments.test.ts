import { describe, expect, it } from "vitest";
import { websocketArguments } from "../../src/main/websocket-arguments";

describe("websocketArguments", () => {
  it("passes on port and origins, and nothing else", () => {
    const asked = ["--websocket-port=0", "--websocket-origin=http://127.0.0.1:5173", "--websocket-origin=app://x"];
    expect(websocketArguments(["electron", "--no-sandbox", ...asked, "--inspect", "--websocket", "."])).toEqual(asked);
  });

  it("is empty for an application that was started as always: nothing listens then", () => {
    expect(websocketArguments(["electron", "--no-sandbox", "."])).toEqual([]);
  });
});
