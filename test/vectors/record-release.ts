// Records what a release says on the wire: node test/vectors/record-release.ts VERSION TREE
// VERSION is the protocol's, TREE a checkout of the release that is set up (node_modules, .cache/protovalidate). Python is this checkout's environment.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

type Language = "typescript" | "python";
type Program = "session" | "session-server";

const root = path.resolve(import.meta.dirname, "../..");
const [version = "", tree = root] = process.argv.slice(2);
const folder = path.join(import.meta.dirname, "releases", version);
const sockets = mkdtempSync(path.join(tmpdir(), "macroscope-record-"));

function run(language: Language, program: Program, socketPath: string): ChildProcess {
  if (language === "typescript") {
    const runner = path.join(import.meta.dirname, "with-release.ts");
    return spawn(process.execPath, [runner, tree, program, socketPath], { cwd: root, stdio: ["ignore", "pipe", 2] });
  }
  const env = {
    ...process.env,
    PYTHONPATH: [path.join(tree, "python", "src"), path.join(tree, "gen", "python")].join(path.delimiter),
  };
  const module = `tests.conformance.${program.replace("-", "_")}`;
  return spawn(path.join(root, ".venv", "bin", "python"), ["-m", module, socketPath], {
    cwd: path.join(root, "python"),
    env,
    stdio: ["ignore", "pipe", 2],
  });
}

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) return line;
  throw new Error("The program ended without a word.");
}

/** One line of a recording: a frame, its tail apart. A tail of one byte repeated is told by that byte and its length. */
function line(from: "client" | "server", frame: Buffer): string {
  const tailBytes = frame.readUInt32LE(12);
  const tail = frame.subarray(frame.length - tailBytes);
  const head = frame.subarray(0, frame.length - tailBytes).toString("hex");
  if (tailBytes === 0) return JSON.stringify({ from, head });
  const repeated = tail.every((byte) => byte === tail[0]);
  return JSON.stringify({
    from,
    head,
    tail: repeated ? { bytes: tailBytes, repeated: tail[0] } : { hex: tail.toString("hex") },
  });
}

/** Passes bytes on, and notes each frame when it is whole. */
function pass(from: "client" | "server", source: Socket, target: Socket, lines: string[]): void {
  let rest = Buffer.alloc(0);
  source.on("data", (chunk) => {
    target.write(chunk);
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 16) {
      const envelope = rest.readUInt32LE(8);
      const tail = rest.readUInt32LE(12);
      const length = tail === 0 ? 16 + envelope : Math.ceil((16 + envelope) / 16) * 16 + tail;
      if (rest.length < length) break;
      lines.push(line(from, rest.subarray(0, length)));
      rest = rest.subarray(length);
    }
  });
  source.on("close", () => target.end());
  source.on("error", () => target.destroy());
}

async function record(client: Language, server: Language): Promise<void> {
  const name = `${client}-client-${server}-server`;
  const serverPath = path.join(sockets, `${name}.server`);
  const proxyPath = path.join(sockets, `${name}.proxy`);
  const serving = run(server, "session-server", serverPath);
  await firstLine(serving);
  const lines: string[] = [];
  const proxy = createServer((near) => {
    const far = connect(serverPath);
    pass("client", near, far, lines);
    pass("server", far, near, lines);
  });
  await new Promise<void>((resolve) => proxy.listen(proxyPath, resolve));
  const outcome = await firstLine(run(client, "session", proxyPath));
  proxy.close();
  serving.kill();
  const text = [JSON.stringify({ client, server, calls: JSON.parse(outcome) as unknown }), ...lines];
  writeFileSync(path.join(folder, `${name}.jsonl`), `${text.join("\n")}\n`);
  console.log(name, lines.length, "frames");
}

mkdirSync(folder, { recursive: true });
const buf = path.join(root, "node_modules", ".bin", "buf");
execFileSync(buf, ["build", "-o", path.join(folder, "schema.binpb"), "--exclude-source-info"], { cwd: tree });
for (const server of ["typescript", "python"] as const) {
  for (const client of ["typescript", "python"] as const) await record(client, server);
}
rmSync(sockets, { recursive: true });
process.exit();
