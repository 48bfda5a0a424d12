// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { readConnectSettings } from "../../../src/renderer/shared/connect-settings";

function page(head: string): Document {
  return new DOMParser().parseFromString(`<head>${head}</head>`, "text/html");
}

describe("readConnectSettings", () => {
  it("finds what whoever serves the page says", () => {
    const head =
      '<meta name="macroscope-websocket" content="ws://127.0.0.1:1/macroscope/v1"><meta name="macroscope-token-file" content="/run/f">';
    expect(readConnectSettings(page(head))).toEqual({ address: "ws://127.0.0.1:1/macroscope/v1", tokenFile: "/run/f" });
  });

  it("finds a browser's page whose worker is not up yet", () => {
    expect(readConnectSettings(page('<meta name="macroscope-websocket" content="">'))).toEqual({
      address: "",
      tokenFile: "",
    });
  });

  it("finds nothing in the application's page", () => {
    expect(readConnectSettings(page('<meta name="csp-nonce" content="x">'))).toBeUndefined();
  });
});
