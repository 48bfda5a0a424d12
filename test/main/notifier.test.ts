import { Code, ConnectError } from "@connectrpc/connect";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Severity } from "../../gen/ts/macroscope/notification/v1/notification_pb";
import { Notifier } from "../../src/main/notifier";
import { FakeChannel } from "./support/fake-channel";

const news = (code: string) => ({ severity: Severity.WARNING, code, message: `About ${code}.` });

function makeNotifier() {
  const channel = new FakeChannel();
  const posted: string[] = [];
  const refuse = { next: undefined as ConnectError | undefined };
  const postNotification = vi.fn((request: { code?: string; source?: string }) => {
    const refusal = refuse.next;
    refuse.next = undefined;
    if (refusal) return Promise.reject(refusal);
    posted.push(`${request.source ?? ""} ${request.code ?? ""}`);
    return Promise.resolve({});
  });
  const client = { postNotification } as unknown as ConstructorParameters<typeof Notifier>[1];
  return { channel, posted, refuse, notifier: new Notifier(channel, client) };
}

beforeEach(() => {
  vi.spyOn(console, "error").mockReturnValue(undefined);
});

describe("Notifier", () => {
  test("posts at once where there is a worker", async () => {
    const { channel, posted, notifier } = makeNotifier();
    channel.set("live");
    notifier.post(news("page_crashed"));
    notifier.post(news("page_gone"));
    await vi.waitFor(() => {
      expect(posted).toEqual(["window page_crashed", "window page_gone"]);
    });
  });

  test("keeps the newest while there is none, and posts them in their order when one comes", async () => {
    const { channel, posted, notifier } = makeNotifier();
    for (let index = 0; index < 30; index += 1) notifier.post(news(`n${String(index)}`));
    expect(posted).toEqual([]);
    channel.set("live");
    await vi.waitFor(() => {
      expect(posted).toHaveLength(20);
    });
    expect([posted[0], posted.at(-1)]).toEqual(["window n10", "window n29"]);
  });

  test("tells again what was lost with the worker, and not what a worker refused", async () => {
    const { channel, posted, refuse, notifier } = makeNotifier();
    channel.set("live");
    refuse.next = new ConnectError("too long", Code.InvalidArgument);
    notifier.post(news("refused"));
    notifier.post(news("second"));
    await vi.waitFor(() => {
      expect(posted).toEqual(["window second"]);
    });
    refuse.next = new ConnectError("gone", Code.Unavailable);
    notifier.post(news("lost"));
    channel.set("lost");
    // The failed call is answered before the next worker is there.
    await new Promise((resolve) => setImmediate(resolve));
    channel.set("live");
    await vi.waitFor(() => {
      expect(posted).toEqual(["window second", "window lost"]);
    });
  });
});
