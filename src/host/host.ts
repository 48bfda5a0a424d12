/** The host: a utility process that supervises the worker and switches windows' connections to it. */
import type { MessagePortMain } from "electron";
import { messagePortLink } from "../links";
import type { HostMessage, PortClosed } from "./host-messages";
import { startHost } from "./start-host";
import type { Switchboard } from "./switchboard";

let switchboard: Switchboard | undefined;

process.parentPort.on("message", ({ data, ports }: { data: HostMessage; ports: MessagePortMain[] }) => {
  if (data.kind === "settings") {
    switchboard = startHost(data.settings, data.resume);
    return;
  }
  const [port] = ports;
  if (!port) return;
  if (data.kind === "main") {
    switchboard?.attachMain(messagePortLink(port));
    return;
  }
  const onClosed = () => {
    process.parentPort.postMessage({ kind: "port-closed", port: data.port } satisfies PortClosed);
  };
  switchboard?.attachWindow(messagePortLink(port), { role: data.role, label: data.label }, onClosed);
});
