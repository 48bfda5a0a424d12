/** What travels between the processes, for whoever looks for a fault: connections, broadcasts, methods. */
import { Modal, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { ProcessView, TrafficSource } from "../../../../mirror";
import { useMirror } from "../../../shared/hooks";
import { CopyButton } from "../../../shared/copy-button";
import { Notice } from "../../../shared/notice";
import { ConnectionTable } from "./connection-table";
import { MethodTable } from "./method-table";
import { ReceiverTable } from "./receiver-table";
import { useTraffic } from "./use-traffic";
import type { TrafficAnswers } from "./use-traffic";
import classes from "./diagnostics.module.css";

const NAMES: Readonly<Record<TrafficSource, string>> = { host: "The host", worker: "The worker" };

/** Asks only while it is open. */
export function DiagnosticsDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Diagnostics"
      size="min(1180px, calc(100vw - 48px))"
      lockScroll={false}
      closeButtonProps={{ "aria-label": "Close" }}
      classNames={{ body: classes.body }}
    >
      <Diagnostics />
    </Modal>
  );
}

function Diagnostics() {
  const answers = useTraffic();
  const [chosen, setChosen] = useState<string>();
  const connection = useMirror((state) => state.connection);
  const processes = answers ? processesOf(answers) : [];
  const shown = processes.find(({ process }) => process === chosen) ?? processes[0];
  return (
    <>
      <Silent answers={answers} />
      <section className={classes.section}>
        <header>
          <h3>Connections</h3>
          <CopyButton text={JSON.stringify({ connection, processes }, null, 1)} label="Copy all" />
        </header>
        <ConnectionTable processes={processes.filter(isServer)} />
      </section>
      <section className={classes.section}>
        <header>
          <h3>Broadcasts</h3>
        </header>
        {answers ? <ReceiverTable processes={processes} /> : <p className={classes.empty}>Asking.</p>}
      </section>
      <section className={classes.section}>
        <header>
          <h3>Methods</h3>
          {shown && (
            <SegmentedControl
              size="xs"
              aria-label="Process"
              data={processes.map(({ process }) => process)}
              value={shown.process}
              onChange={setChosen}
            />
          )}
        </header>
        {shown ? (
          <MethodTable process={shown} />
        ) : (
          <p className={classes.empty}>{answers ? "Nobody has answered yet." : "Asking."}</p>
        )}
      </section>
    </>
  );
}

/** The worker first: it is what one looks for. A process that both tell of stands there once. */
function processesOf({ history }: TrafficAnswers): readonly ProcessView[] {
  const all = [...history.worker, ...history.host];
  return all.filter(({ process }, index) => all.findIndex((other) => other.process === process) === index);
}

function isServer({ process }: ProcessView): boolean {
  return process === "host" || process === "worker";
}

function Silent({ answers }: { readonly answers: TrafficAnswers | undefined }) {
  return Object.entries(answers?.silent ?? {}).map(([source, reason]) =>
    reason ? (
      <Notice key={source} tone="warn" title={`${NAMES[source as TrafficSource]} does not answer`}>
        {reason} Its counts are as they were heard last.
      </Notice>
    ) : null,
  );
}
