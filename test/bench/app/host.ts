/** The bench's utility process: the product's host on one port, the bare side on the other. */
import path from "node:path";
import type { MessagePortMain } from "electron";
import { Role } from "../../../gen/ts/macroscope/rpc/v1/options_pb";
import { startHost } from "../../../src/host/start-host";
import type { Switchboard } from "../../../src/host/switchboard";
import { messagePortLink } from "../../../src/links";
import { findPython } from "../../../src/main/python-environment";
import { serveBare, startBareWorker } from "./bare";

type BenchMessage = { readonly kind: "settings"; readonly userData: string } | { readonly kind: "ports" };

/** The bench is built into .cache/bench/app. */
const root = path.join(__dirname, "../../..");
const python = findPython(root, process.env, process.platform);

function startProduct(userData: string): Switchboard {
  return startHost({
    python,
    workerArguments: ["--recordings-directory", path.join(userData, "recordings"), "--linger-s", "0"],
    runtimeDirectory: path.join(userData, "run"),
    logDirectory: path.join(userData, "logs"),
    version: "bench",
    electronVersion: process.versions.electron,
  });
}

let switchboard: Switchboard | undefined;
const bareWorker = startBareWorker(python, path.join(root, "test/bench/bare_worker.py"));

process.parentPort.on("message", ({ data, ports }: { data: BenchMessage; ports: MessagePortMain[] }) => {
  if (data.kind === "settings") {
    switchboard = startProduct(data.userData);
    return;
  }
  const [product, bare] = ports;
  if (!product || !bare) return;
  switchboard?.attachWindow(messagePortLink(product), {
    role: Role.OPERATOR,
    label: "bench window",
  });
  void bareWorker.then((socket) => {
    serveBare(bare, socket);
  });
});
