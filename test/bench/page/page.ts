/** A window of the bench: does what main asks, one action at a time, by the product, by the bare side, or as a peer's window. */
import type { PageActions } from "./actions";
import { bareActions } from "./bare";
import { peerActions } from "./peers";
import { Product } from "./product";

function ports(): Promise<readonly MessagePort[]> {
  return new Promise((resolve) => {
    window.addEventListener("message", (event) => {
      if (event.data === "bench:ports") resolve(event.ports);
    });
    window.postMessage("bench:ask", "*");
  });
}

async function connect(): Promise<PageActions> {
  if (!crossOriginIsolated) throw new Error("The page's clock is too coarse: it is not cross-origin isolated.");
  const [product, bare, peer] = await ports();
  if (!product || !bare || !peer) throw new Error("no ports");
  const { flood, floodFor, echoes, probes, paced, work, rest } = await Product.connect(product);
  return { flood, floodFor, echoes, probes, paced, work, rest, ...bareActions(bare), ...peerActions(peer) };
}

declare global {
  interface Window {
    macroscopeBench: Promise<PageActions>;
  }
}

window.macroscopeBench = connect();
