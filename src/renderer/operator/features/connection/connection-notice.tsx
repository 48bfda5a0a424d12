/** What has happened to the links, over the picture: said at once, with what comes next. */
import { Button } from "@mantine/core";
import { WorkerPhase } from "../../../../../gen/ts/macroscope/application/v1/application_pb";
import { RESTARTS_ALLOWED, startWorker } from "../../../../mirror";
import type { MirrorState } from "../../../../mirror";
import { CopyButton } from "../../../shared/copy-button";
import { useMirror, useMirrorDispatch, useNow } from "../../../shared/hooks";
import { Notice } from "../../../shared/notice";
import { isLost, isRecording } from "../../situation";
import classes from "./connection-notice.module.css";

export function ConnectionNotice() {
  const trouble = useMirror(troubleOf);
  const wasRecording = useMirror(isRecording);
  if (!trouble) return null;
  return (
    <div className={classes.overlay}>
      <div className={classes.card}>
        {(trouble === "restarting" || trouble === "starting-again") && <Restarting />}
        {trouble === "gave-up" && <GaveUp />}
        {trouble === "host" && <ChannelTrouble name="host" />}
        {trouble === "worker" && <ChannelTrouble name="worker" />}
        {wasRecording && (
          <p className={classes.recording}>
            A recording was running when the link was last heard. Frames written before that are on the disk; whether it
            goes on is known when the worker answers.
          </p>
        )}
      </div>
    </div>
  );
}

type Trouble = "restarting" | "starting-again" | "gave-up" | "host" | "worker" | undefined;

function troubleOf({ connection, worker }: MirrorState): Trouble {
  const { host } = connection;
  if (isLost(host) || host?.phase === "stale" || host?.phase === "refused") return "host";
  if (worker.process?.phase === WorkerPhase.GAVE_UP) return "gave-up";
  if (worker.process?.phase === WorkerPhase.RESTARTING) return "restarting";
  // The first start is no trouble; one after an end is, until the worker answers.
  if (worker.process?.phase === WorkerPhase.STARTING && worker.process.restarts > 0) return "starting-again";
  const { worker: channel } = connection;
  if (channel.phase === "stale" || channel.phase === "refused") return "worker";
  if (channel.server !== null && isLost(channel) && worker.process?.phase !== WorkerPhase.STARTING) return "worker";
  return undefined;
}

function Restarting() {
  const nowMs = useNow(200);
  const { process, receivedAtMs } = useMirror((state) => state.worker);
  const leftMs = Math.max(0, (process?.nextStartInMs ?? 0) - (nowMs - receivedAtMs));
  const waits = process?.phase === WorkerPhase.RESTARTING && leftMs > 0;
  const when = waits ? `in ${Math.ceil(leftMs / 1000)} s` : "now";
  const which = Math.max(1, process?.restartsInLastMinute ?? 0);
  return (
    <Notice large tone="alarm" title="The worker stopped">
      <p className={classes.reason}>{process?.reason}</p>
      <p className={classes.next}>
        Restarting {when} ({which} of {RESTARTS_ALLOWED} within a minute).
      </p>
    </Notice>
  );
}

function GaveUp() {
  const dispatch = useMirrorDispatch();
  const process = useMirror((state) => state.worker.process);
  const { pending, error } = useMirror((state) => state.commands.startWorker);
  const lines = (process?.lastLines ?? []).join("\n");
  return (
    <Notice large tone="alarm" title="The worker stopped too often and was not started again">
      <p className={classes.reason}>{process?.reason}</p>
      {lines && (
        <>
          <div className={classes.linesHead}>
            <span>Its last lines</span>
            <CopyButton text={lines} label="Copy" />
          </div>
          <pre className={classes.lines}>{lines}</pre>
        </>
      )}
      <Button size="sm" loading={pending > 0} onClick={() => void dispatch(startWorker())}>
        Start the worker again
      </Button>
      {error && <p className={classes.reason}>{error.message}</p>}
    </Notice>
  );
}

function ChannelTrouble({ name }: { readonly name: "host" | "worker" }) {
  const nowMs = useNow();
  const channel = useMirror((state) => state.connection[name]);
  const inBrowser = useMirror((state) => state.connection.host === null);
  const whom = name === "host" ? "The program behind this window" : "The worker";
  if (!channel) return null;
  const seconds = Math.max(0, Math.round((nowMs - channel.sinceMs) / 1000));
  if (channel.phase === "refused") {
    return (
      <Notice large tone="alarm" title={`${whom} refused the connection`}>
        <p className={classes.reason}>{channel.reason ?? "It gave no reason."}</p>
        <p className={classes.next}>
          Window and worker are of different versions, or the session ended.{" "}
          {inBrowser ? "Reload the page." : "Restart the program."}
        </p>
      </Notice>
    );
  }
  const title =
    channel.phase === "stale" ? `${whom} does not answer` : `The connection to ${whom.toLowerCase()} is lost`;
  return (
    <Notice large tone="alarm" title={title}>
      {channel.reason && <p className={classes.reason}>{channel.reason}</p>}
      <p className={classes.next}>
        For {seconds} s. What is shown is what was heard last.
        {channel.attempt > 0 && ` Connecting again, attempt ${channel.attempt}.`}
      </p>
    </Notice>
  );
}
