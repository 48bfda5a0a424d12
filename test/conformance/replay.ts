/** Plays one side of a recording to a program of today. */
import type { JsonObject } from "@bufbuild/protobuf";
import type { RawPeer } from "./raw-peer";
import type { Recording, Said } from "./recording";

/** What the live end said, in order by key, where it can wait for what is to come. */
class Heard {
  readonly all: Said[] = [];
  readonly #queues = new Map<string, Said[]>();

  constructor(
    private readonly peer: RawPeer,
    private readonly recording: Recording,
    private readonly onSaid: (said: Said) => void = () => undefined,
  ) {}

  /** The next that was said under a key; pings and pongs come whenever they do. Undefined when the socket has closed. */
  async next(then: Said): Promise<Said | undefined> {
    for (;;) {
      const said = this.#queues.get(then.key)?.shift();
      if (said !== undefined) {
        return said;
      }
      try {
        if (!(await this.listen())) {
          return undefined;
        }
      } catch (error) {
        throw new Error(`Waited in vain for ${text(then)}`, { cause: error });
      }
    }
  }

  /** Takes in one frame more; false when there is none to come. */
  async listen(withinMs?: number): Promise<boolean> {
    const frame = await this.peer.next(withinMs);
    if (frame === undefined) {
      return false;
    }
    const said = this.recording.schema.read(frame);
    this.all.push(said);
    this.onSaid(said);
    if (!isClock(said) && said.kind !== "credit") {
      this.#queues.set(said.key, [...(this.#queues.get(said.key) ?? []), said]);
    }
    return true;
  }

  /** What nobody has waited for. */
  get left(): Said[] {
    return [...this.#queues.values()].flat();
  }
}

/** What 1.0's TypeScript server said of a request that came after its opening. Its Python server served it, as the protocol has it. */
const MENDED = "must come with its opening";

const isClock = ({ kind }: Said) => kind === "ping" || kind === "pong";

/**
 * Credit that the recorded client had not given back when a stream ended. It would have, had the end not come first; and whether a server tells the end
 * before it has credit for one more message, differs.
 */
class Owed {
  readonly #calls = new Map<string, { messages: number; bytes: number }>();

  constructor(private readonly recording: Recording) {}

  /** The recorded client sent this. */
  sent({ kind, key, value }: Said): void {
    if (kind === "credit") {
      this.#add(key, -Number(value.messages ?? 0), -Number(value.bytes ?? 0));
    }
  }

  /** It heard this. */
  heard({ kind, key, value, tailBytes }: Said): void {
    if (kind === "message") {
      const message = value.message;
      this.#add(key, 1, tailBytes + (typeof message === "string" ? Buffer.from(message, "base64").length : 0));
    }
  }

  /** Gives back what the call of this status is owed. */
  grant({ key, value, bytes }: Said, peer: RawPeer): void {
    const owed = this.#calls.get(key);
    if (owed !== undefined && owed.messages > 0) {
      peer.send(this.recording.schema.credit({ call: value.call ?? 0, ...owed }, bytes));
    }
  }

  #add(key: string, messages: number, bytes: number): void {
    const before = this.#calls.get(key) ?? { messages: 0, bytes: 0 };
    this.#calls.set(key, { messages: before.messages + messages, bytes: before.bytes + bytes });
  }
}

/** Sends what the recorded client sent, each frame when what it had heard before has come again. What differs; empty when nothing does. */
export async function replayClient(recording: Recording, peer: RawPeer): Promise<string[]> {
  const { schema, frames } = recording;
  const heard = new Heard(peer, recording);
  const given = new Set<string>();
  const owed = new Owed(recording);
  const faults: string[] = [];
  for (const { from, bytes } of frames) {
    const said = schema.read(bytes);
    if (from === "client") {
      if (said.kind === "cancel") {
        given.add(said.key);
      }
      owed.sent(said);
      peer.send(bytes);
    } else if (isClock(said) || (given.has(said.key) && said.kind === "message")) {
      // Whether a message was on its way when its call was given up, is chance.
      continue;
    } else {
      if (said.kind === "status" && said.value.code === undefined) {
        owed.grant(said, peer);
      }
      let now = await heard.next(said);
      while (now !== undefined && given.has(said.key) && now.kind === "message") {
        now = await heard.next(said);
      }
      owed.heard(said);
      faults.push(...differences(said, now, given.has(said.key)));
    }
  }
  const late = heard.left.filter(({ key }) => !given.has(key)).map((said) => `not recorded: ${text(said)}`);
  return [...faults, ...late, ...unreadable(heard.all)];
}

/** Sends what the recorded server sent, each frame when what it had heard before has come again, and when its client lets it. */
export async function replayServer(recording: Recording, peer: RawPeer): Promise<string[]> {
  const { schema, frames } = recording;
  const granted = new Map<string, number>();
  const grant = (key: string, messages: unknown) =>
    granted.set(key, (granted.get(key) ?? 0) + (typeof messages === "number" ? messages : 0));
  const heard = new Heard(peer, recording, ({ kind, key, value }) => {
    if (kind === "open") {
      grant(key, (value.credit as JsonObject | undefined)?.messages ?? 4);
    } else if (kind === "credit") {
      grant(key, value.messages);
    }
  });
  const ended = new Set<string>();
  const faults: string[] = [];
  for (const { from, bytes } of frames) {
    const said = schema.read(bytes);
    if (isClock(said) || said.kind === "credit" || (said.kind === "cancel" && ended.has(said.key))) {
      // The live client's pings are its own, it may give credit back in other portions, and whether it gave a call up while its end was on its way, is
      // chance.
      continue;
    } else if (from === "client") {
      faults.push(...differences(said, await heard.next(said), false));
    } else {
      while (said.kind === "message" && said.value.last !== true && (granted.get(said.key) ?? 0) === 0) {
        await heard.listen();
      }
      grant(said.key, -1);
      if (said.kind === "status") {
        ended.add(said.key);
      }
      peer.send(bytes);
    }
  }
  while (!peer.closed && (await heard.listen())) {
    // Until the client has gone.
  }
  const beyond = heard.all.filter(({ kind, value }) => kind === "credit" && value.call === undefined);
  const late = heard.left.map((said) => `not recorded: ${text(said)}`);
  return [
    ...faults,
    ...late,
    ...beyond.map((said) => `credit of the connection: ${text(said)}`),
    ...unreadable(heard.all),
  ];
}

/** Frames of a kind that the release does not know. */
function unreadable(all: readonly Said[]): string[] {
  return all.filter(({ kind }) => kind === "unknown").map((said) => `unreadable for the release: ${text(said)}`);
}

function differences(then: Said, now: Said | undefined, givenUp: boolean): string[] {
  if (text(then).includes(MENDED)) {
    return [];
  }
  if (now === undefined) {
    return [`the other end closed instead of ${text(then)}`];
  }
  const [before, after] = [JSON.stringify(essence(then, givenUp)), JSON.stringify(essence(now, givenUp))];
  return before === after ? [] : [`${text(now)} instead of ${text(then)}`];
}

/** What has to be the same in each version and language. */
function essence({ kind, value, tailBytes }: Said, givenUp: boolean): unknown {
  const { code, details, role, protocolMajor } = value;
  switch (kind) {
    case "hello":
      return { kind, role, protocolMajor };
    case "status":
    case "goAway":
    case "connectionClose":
      return {
        kind,
        code: givenUp ? "ended" : code,
        details: (details as JsonObject[] | undefined)?.map((detail) => detail["@type"]),
      };
    case "open":
      // How much of it is left is chance.
      return { kind, value: { ...value, timeoutMs: value.timeoutMs !== undefined } };
    case "authenticated":
    case "cancel":
      return { kind };
    default:
      return { kind, value, tailBytes };
  }
}

function text({ key, kind, value, tailBytes }: Said): string {
  return `${key} ${kind} ${JSON.stringify(value).slice(0, 300)} + ${tailBytes}`;
}
