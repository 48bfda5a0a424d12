/** The bench's utility process: the product's host on one port of each window, the bare side on the other. */
import path from "node:path";
import type { MessagePortMain } from "electron";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { startHost } from "../../../src/host/start-host";
import type { Switchboard } from "../../../src/host/switchboard";
import { messagePortLink } from "../../../src/links";
import { serveBare, startBareWorker } from "./bare";

/** What main tells this process; ports travel beside `ports`. */
export type BenchMessage =
  | { readonly kind: "settings"; readonly userData: string; readonly root: string; readonly python: string }
  | { readonly kind: "ports" };

let switchboard: Switchboard | undefined;
let bareWorker: ReturnType<typeof startBareWorker> | undefined;

function start({ userData, root, python }: Extract<BenchMessage, { kind: "settings" }>): void {
  switchboard = startHost({
    python,
    workerArguments: ["--recordings-directory", path.join(userData, "recordings"), "--linger-s", "0"],
    runtimeDirectory: path.join(userData, "run"),
    logDirectory: path.join(userData, "logs"),
    version: "bench",
    electronVersion: process.versions.electron,
  });
  bareWorker = startBareWorker(python, path.join(root, "test/bench/bare_worker.py"));
}

process.parentPort.on("message", ({ data, ports }: { data: BenchMessage; ports: MessagePortMain[] }) => {
  if (data.kind === "settings") {
    start(data);
    return;
  }
  const [product, bare] = ports;
  if (!product || !bare) return;
  switchboard?.attachWindow(messagePortLink(product), {
    role: Role.OPERATOR,
    label: "bench window",
  });
  void bareWorker?.then((socket) => {
    serveBare(bare, socket);
  });
});
