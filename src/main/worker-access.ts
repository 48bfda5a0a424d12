/** Main's own way to the worker, through the host as a window's: to hear what goes on there, and to tell what people have to know. */
import { MessageChannelMain } from "electron";
import { AcquisitionService } from "../../gen/ts/macroscope/acquisition/v1/acquisition_pb";
import { NotificationService } from "../../gen/ts/macroscope/notification/v1/notification_pb";
import { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import { WorkflowService } from "../../gen/ts/macroscope/workflow/v1/workflow_pb";
import { messagePortLink } from "../links";
import { createChannel, createClient, createMultiplexer, type Channel, type Link } from "../rpc";
import type { PortTaker } from "./port-broker";

const IDENTITY = { role: Role.OPERATOR, label: "main" };

/** A channel to the worker, which dials at once and again whenever it is lost. Whoever made it closes it. */
export function channelToWorker(host: PortTaker, version: string): Channel {
  const build = `macroscope-main ${version}`;
  return createChannel({ dial: () => dialWorker(host), label: IDENTITY.label, role: IDENTITY.role, build });
}

/** Clients of what main asks the worker. */
export function clientsOver({ transport }: Channel) {
  return {
    acquisition: createClient(AcquisitionService, transport),
    workflow: createClient(WorkflowService, transport),
    notification: createClient(NotificationService, transport),
  };
}

export type WorkerClients = ReturnType<typeof clientsOver>;

/** A port of its own for each dial; it ends with the connection. */
function dialWorker(host: PortTaker): Link {
  const { port1, port2 } = new MessageChannelMain();
  const port = createMultiplexer(messagePortLink(port1));
  host.takePort(port2, IDENTITY, () => {
    port.close("The host has closed the port.");
  });
  return endingWith(port.open({ target: "worker", ...IDENTITY }), () => {
    port.close("The connection has ended.");
  });
}

/** The link, with word of its end to somebody else too. */
function endingWith(link: Link, onEnd: () => void): Link {
  return {
    send: (frame) => {
      link.send(frame);
    },
    onFrame: (listener) => {
      link.onFrame(listener);
    },
    onClose: (listener) => {
      link.onClose((reason) => {
        onEnd();
        listener(reason);
      });
    },
    close: (reason) => {
      link.close(reason);
    },
    copiesOnSend: link.copiesOnSend === true,
    recycle: (frame) => link.recycle?.(frame),
  };
}
