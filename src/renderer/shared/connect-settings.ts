/** What whoever serves the page to a browser says in its head. */

export interface ConnectSettings {
  /** Address of the worker's WebSocket. */
  readonly address: string;
  /** The file that holds the tokens. */
  readonly tokenFile: string;
}

/** Undefined in the application, whose page is served by itself and has a preload. */
export function readConnectSettings(page: Document): ConnectSettings | undefined {
  const content = (name: string) => page.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content;
  const address = content("macroscope-websocket");
  return address === undefined ? undefined : { address, tokenFile: content("macroscope-token-file") ?? "" };
}
