/**
 * What page, preload and main say to each other about ports. Page and preload say it by `window.postMessage`, where anything on the page may talk; so each
 * reads what it is told as if nobody had written it.
 */

/** What the page posts to itself to ask for a port to the host; see {@link PortAsk}. */
export const PORT_REQUEST = "macroscope:port-request";

/** What the preload answers with, with the same number; the port travels beside it. */
export const PORT_ANSWER = "macroscope:port-answer";

/** What the preload says when the host has ended, and every port to it with it. The runtime does not tell a page that a port's other end is gone. */
export const PORT_LOST = "macroscope:port-lost";

/** What the page asks for a port to another window with; see {@link DirectRequest}. */
export const DIRECT_REQUEST = "macroscope:direct-request";

/** The answer to it, with the port beside it; see {@link DirectAnswer}. */
export const DIRECT_ANSWER = "macroscope:direct-answer";

/** The answer that there is none; see {@link DirectRefusal}. */
export const DIRECT_REFUSAL = "macroscope:direct-refusal";

/** The page takes ports from other windows from now on. */
export const DIRECT_LISTEN = "macroscope:direct-listen";

/** A port from another window, which travels beside it; see {@link DirectOffer}. */
export const DIRECT_OFFER = "macroscope:direct-offer";

/** The window at a direct port's other end is gone; see {@link DirectEnd}. */
export const DIRECT_END = "macroscope:direct-end";

/** The windows that others may ask for a port; there is one of each. */
export type PortTarget = "operator" | "stimulus";

const TARGETS: readonly unknown[] = ["operator", "stimulus"] satisfies PortTarget[];

/** A request for a port, or its answer. */
export interface PortAsk {
  /** The page's own number of the request, so that no two requests take one port. */
  readonly ask: number;
}

/** A page wants a port to another window. */
export interface DirectRequest extends PortAsk {
  readonly to: PortTarget;
}

export interface DirectAnswer extends PortAsk {
  /** Main's number of the port, the same at both ends. */
  readonly port: number;
}

export interface DirectRefusal extends PortAsk {
  /** A sentence. */
  readonly reason: string;
}

/** Who asked for the port: as main knows them, not as they say. */
export interface PortIdentity {
  /** The most that connections over the port may be given; a number of the contract's roles. */
  readonly role: number;
  readonly label: string;
}

export interface DirectOffer extends PortIdentity {
  readonly port: number;
}

export interface DirectEnd {
  readonly port: number;
}

/** The number of a request or answer in whatever it was that came; undefined: it has none. */
export function readPortAsk(data: unknown): PortAsk | undefined {
  const { ask } = fieldsOf(data);
  return isNumber(ask) ? { ask } : undefined;
}

/** The request in whatever it was that came; undefined: it is none. Nothing else of it is passed on. */
export function readDirectRequest(data: unknown): DirectRequest | undefined {
  const { to, ask } = fieldsOf(data);
  return TARGETS.includes(to) && isNumber(ask) ? { to: to as PortTarget, ask } : undefined;
}

export function readDirectAnswer(data: unknown): DirectAnswer | undefined {
  const { ask, port } = fieldsOf(data);
  return isNumber(ask) && isNumber(port) ? { ask, port } : undefined;
}

export function readDirectRefusal(data: unknown): DirectRefusal | undefined {
  const { ask, reason } = fieldsOf(data);
  return isNumber(ask) && typeof reason === "string" ? { ask, reason } : undefined;
}

export function readDirectOffer(data: unknown): DirectOffer | undefined {
  const { port, role, label } = fieldsOf(data);
  return isNumber(port) && isNumber(role) && typeof label === "string" ? { port, role, label } : undefined;
}

export function readDirectEnd(data: unknown): DirectEnd | undefined {
  const { port } = fieldsOf(data);
  return isNumber(port) ? { port } : undefined;
}

/** The type that a posted message has; undefined: it has none. */
export function typeOf(data: unknown): unknown {
  return typeof data === "string" ? data : fieldsOf(data).type;
}

function fieldsOf(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
