// @vitest-environment jsdom
import "../support/page-globals";
import { cleanup, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { mirrorPicture } from "../../../src/mirror";
import { BrowserPreview } from "../../../src/renderer/preview/browser-preview";
import { ConnectSession } from "../../../src/renderer/shared/connect-session";
import { FakeStorage } from "../support/fake-storage";
import { FakeWorker } from "../support/fake-worker";

const leaving: (() => void)[] = [];
afterEach(() => {
  cleanup();
  for (const leave of leaving.splice(0)) leave();
});

describe("BrowserPreview", () => {
  it("asks for the token, then shows the picture, and follows nobody", async () => {
    const worker = new FakeWorker();
    const session = new ConnectSession({
      address: "ws://127.0.0.1:4000/macroscope/v1",
      dial: worker.dial,
      storage: new FakeStorage(),
      label: "test",
      build: "test",
      mirror: mirrorPicture,
    });
    leaving.push(() => session.leave());
    render(<BrowserPreview session={session} tokenFile="/run/websocket.json" regionId="" env="test" />);
    const user = userEvent.setup({ delay: null });
    screen.getByRole("heading", { name: "Macroscope" });
    await user.click(screen.getByLabelText("Token"));
    await user.paste(worker.token);
    await user.keyboard("{Enter}");
    await screen.findByRole("group", { name: "Live preview" });
    expect(screen.queryByText(/operator's window/)).toBeNull();
    worker.present = false;
    worker.links[0]?.close("The worker is gone.");
    await screen.findByText(/no connection to the worker/);
  });
});
