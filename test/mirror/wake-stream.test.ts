import { expect, it, vi } from "vitest";
import { makeStore, mirrorInstrument } from "../../src/mirror";
import { wakeStream } from "../../src/mirror/wake-stream";
import { FakeInstrument } from "../renderer/support/fake-instrument";
import { whenMirrored } from "../renderer/support/mirrored";

it("wakes a stream once each time that the worker is reached again, until it is ended", async () => {
  const instrument = new FakeInstrument();
  const store = makeStore({ clients: instrument.clients });
  const stopMirror = mirrorInstrument(store, instrument);
  await whenMirrored(store, (state) => state.camera.current);
  const stream = { wake: vi.fn(), stop: vi.fn() };
  const end = wakeStream(store, stream);
  const { worker } = instrument.channels;
  worker.set({ roundTripMs: 3 });
  expect(stream.wake).not.toHaveBeenCalled();
  worker.set({ phase: "lost" });
  worker.set({ phase: "live" });
  worker.set({ roundTripMs: 4 });
  expect(stream.wake).toHaveBeenCalledOnce();
  end();
  expect(stream.stop).toHaveBeenCalledOnce();
  worker.set({ phase: "lost" });
  worker.set({ phase: "live" });
  expect(stream.wake).toHaveBeenCalledOnce();
  stopMirror();
});
