/** Where a worker's WebSocket may be: on this computer, at the path that workers serve, and nowhere else. */

const PATH = "/macroscope/v1";
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** An address, or what is wrong with the text. */
export type ReadAddress = { readonly address: string } | { readonly problem: string };

/**
 * The address that a person means: "127.0.0.1:4000" is enough. One of another computer is none, however it came into the field: the token would be sent
 * there.
 */
export function readAddress(text: string): ReadAddress {
  const trimmed = text.trim();
  if (trimmed === "") return { problem: "The address is missing. The worker's websocket.json has it." };
  const whole = trimmed.includes("://") ? trimmed : `ws://${trimmed}`;
  if (!URL.canParse(whole)) return { problem: "This is no address. One looks like ws://127.0.0.1:4000/macroscope/v1." };
  const { protocol, hostname, port, pathname, username, password, search, hash } = new URL(whole);
  if (protocol !== "ws:") return { problem: "The address begins with ws://." };
  if (username !== "" || password !== "" || search !== "" || hash !== "") {
    return { problem: "The address has only a host, a port and a path; a token does not belong into it." };
  }
  if (!LOOPBACK.has(hostname))
    return { problem: "The worker has to be on this computer: 127.0.0.1, localhost or [::1]." };
  if (pathname !== "/" && pathname !== PATH) return { problem: `The path is ${PATH}.` };
  return port === "" ? { problem: "The port is missing." } : { address: `ws://${hostname}:${port}${PATH}` };
}
