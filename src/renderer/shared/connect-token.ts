/** The token of this tab: kept over a reload, gone with the tab. */

const KEY = "macroscope.token";

/** What is kept. */
export interface KeptToken {
  readonly address: string;
  readonly token: string;
}

/** The part of a DOM `Storage` that is needed; a page gives its `sessionStorage`, which no other tab sees. */
export type TokenStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** The token that was kept; undefined when there is none. A storage that is shut keeps nothing. */
export function keptToken(storage: TokenStorage): KeptToken | undefined {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? "null");
    if (typeof kept !== "object" || kept === null || !("address" in kept) || !("token" in kept)) return undefined;
    const { address, token } = kept;
    return typeof address === "string" && typeof token === "string" ? { address, token } : undefined;
  } catch {
    return undefined;
  }
}

export function keepToken(storage: TokenStorage, { address, token }: KeptToken): void {
  try {
    storage.setItem(KEY, JSON.stringify({ address, token }));
  } catch {
    // It has to be pasted again after a reload, and that is all.
  }
}

export function forgetToken(storage: TokenStorage): void {
  try {
    storage.removeItem(KEY);
  } catch {
    // There was nothing to forget.
  }
}
