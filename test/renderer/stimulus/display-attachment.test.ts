import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, describe, expect, it, vi } from "vitest";
import { DisplayAttachment } from "../../../src/renderer/stimulus/display-attachment";
import { FakeInstrument } from "../support/fake-instrument";

const FACTS = { displayId: "d1", widthPx: 1920, heightPx: 1080, renderer: "card", fullScreen: true };

let attachment: DisplayAttachment | undefined;
afterEach(() => attachment?.stop());

function make() {
  const instrument = new FakeInstrument();
  const told: string[] = [];
  let ids = 0;
  attachment = new DisplayAttachment(
    instrument.clients.stimulus,
    {
      onBegun: () => told.push("begun"),
      onScene: ({ number }) => told.push(`scene ${number}`),
      onDetached: (reason) => told.push(`detached: ${reason}`),
    },
    () => `attachment-${++ids}`,
  );
  const ids_ = () => instrument.stimulus.attached.map(({ attachmentId }) => attachmentId);
  return {
    instrument,
    attachment,
    told,
    ids: ids_,
    until: (check: () => void) => vi.waitFor(check, { timeout: 5000 }),
  };
}

describe("DisplayAttachment", () => {
  it("attaches when worker and display are there, whichever comes first", async () => {
    const { attachment, told, instrument, until } = make();
    attachment.tell(FACTS);
    expect(attachment.id).toBeUndefined();
    attachment.meet(1n);
    await until(() => expect(attachment.id).toBe("attachment-1"));
    expect(told).toEqual(["begun", "scene 1"]);
    expect(instrument.stimulus.attached[0]).toMatchObject(FACTS);
    instrument.stimulus.show({});
    await until(() => expect(told.at(-1)).toBe("scene 2"));
  });

  it("tells a changed display by a new hold of the same attachment, and lets the old one go after that", async () => {
    const { attachment, told, instrument, ids, until } = make();
    attachment.meet(1n);
    attachment.tell(FACTS);
    await until(() => expect(attachment.id).toBeDefined());
    attachment.tell({ ...FACTS });
    attachment.tell({ ...FACTS, widthPx: 1280 });
    await until(() => expect(instrument.stimulus.scenes.watchers).toBe(1));
    await until(() => expect(ids()).toEqual(["attachment-1", "attachment-1"]));
    await until(() => expect(instrument.stimulus.scenes.watchers).toBe(1));
    expect(attachment.id).toBe("attachment-1");
    expect(told.filter((one) => one.startsWith("detached"))).toEqual([]);
  });

  it("does not open the old hold again, which the worker ends before the new one has heard anything", async () => {
    const { attachment, told, instrument, ids, until } = make();
    attachment.meet(1n);
    attachment.tell(FACTS);
    await until(() => expect(attachment.id).toBeDefined());
    const first = Promise.withResolvers<undefined>();
    instrument.stimulus.firstScene = first.promise;
    attachment.tell({ ...FACTS, widthPx: 1280 });
    await until(() => expect(ids()).toHaveLength(2));
    await until(() => expect(instrument.stimulus.scenes.watchers).toBe(0));
    first.resolve(undefined);
    await until(() => expect(told.filter((one) => one === "scene 1")).toHaveLength(2));
    expect(told.filter((one) => one.startsWith("detached"))).toEqual([]);
  });

  it("attaches again under the same id when the stream broke, and says that it was gone", async () => {
    const { attachment, told, instrument, ids, until } = make();
    attachment.meet(1n);
    attachment.tell(FACTS);
    await until(() => expect(attachment.id).toBeDefined());
    instrument.stimulus.scenes.fail(new ConnectError("The worker is gone.", Code.Unavailable));
    await until(() => expect(told).toContain("detached: The worker is gone."));
    await until(() => expect(ids()).toEqual(["attachment-1", "attachment-1"]));
    attachment.meet(1n);
    await until(() => expect(attachment.id).toBe("attachment-1"));
  });

  it("is another display to another worker", async () => {
    const { attachment, told, ids, until } = make();
    attachment.meet(1n);
    attachment.tell(FACTS);
    await until(() => expect(attachment.id).toBeDefined());
    attachment.meet(2n);
    await until(() => expect(attachment.id).toBe("attachment-2"));
    expect(ids()).toEqual(["attachment-1", "attachment-2"]);
    expect(told.filter((one) => one === "begun")).toHaveLength(2);
  });

  it("says who shows the stimulus when it is somebody else, and gets it when they are gone", async () => {
    const { attachment, told, instrument, until } = make();
    instrument.refusals.set("attachDisplay", new ConnectError("Display 2 shows it.", Code.AlreadyExists));
    attachment.meet(1n);
    attachment.tell(FACTS);
    await until(() => expect(told).toContain("detached: Display 2 shows it."));
    await until(() => expect(attachment.id).toBe("attachment-1"));
  });

  it("lets go when it is stopped", async () => {
    const { attachment, instrument, until } = make();
    attachment.meet(1n);
    attachment.tell(FACTS);
    await until(() => expect(instrument.stimulus.scenes.watchers).toBe(1));
    attachment.stop();
    await until(() => expect(instrument.stimulus.scenes.watchers).toBe(0));
    expect(attachment.id).toBeUndefined();
  });
});
