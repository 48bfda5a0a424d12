/** The application runs alone here: Playwright's own driver would open a debugging port in it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { waitForAnyRecord } from "./worker-record";
import { electronArguments, electronExecutable, expect, plainTest as test } from "./application";

/** Processes of which `ancestor` is the parent, or the parent's parent, and so on. */
async function descendants(ancestor: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    const parent = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
    if (parent) parents.set(Number(name), Number(parent));
  }
  const found = [ancestor];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found;
}

/** TCP sockets that listen, of the given processes. */
async function listeningSockets(pids: readonly number[]): Promise<string[]> {
  const LISTEN = "0A";
  const listening = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of (await readFile(table, "utf8")).trim().split("\n").slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[3] === LISTEN && fields[9]) listening.add(fields[9]);
    }
  }
  const found: string[] = [];
  for (const pid of pids) {
    for (const fd of await readdir(`/proc/${String(pid)}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${String(pid)}/fd/${fd}`).catch(() => "");
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode && listening.has(inode)) found.push(`${String(pid)}: ${target}`);
    }
  }
  return found;
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });
}

test("no port of the network is open", async () => {
  test.skip(process.platform !== "linux", "reads /proc, which only Linux has");
  const folder = await mkdtemp(path.join(tmpdir(), "macroscope-network-"));
  const runtime = path.join(folder, "user-data/run");
  await mkdir(runtime, { recursive: true });
  const app = spawn(electronExecutable(), electronArguments(folder), { stdio: "ignore" });
  try {
    const { pid } = await waitForAnyRecord(runtime);
    const processes = [...(await descendants(app.pid ?? 0)), pid];
    expect(processes.length).toBeGreaterThan(3);
    expect(await listeningSockets(processes)).toEqual([]);
  } finally {
    app.kill();
    await ended(app);
    await rm(folder, { recursive: true, force: true });
  }
});
