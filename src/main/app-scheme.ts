/**
 * The scheme that our pages come from: `macroscope://app/<window>/…`, files of the build and nothing else.
 *
 * A scheme of its own instead of `file:` gives pages an origin, a content security policy in the answer's head, and no way to other files.
 */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { protocol } from "electron";
import { contentSecurityPolicy, mimeType, resolveFile } from "./page-files";
import { SCHEME } from "./page-origin";

/** Must run before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }]);
}

/**
 * Serves the files below `root`. Must run after the app is ready.
 *
 * @param root - absolute path of the built pages.
 */
export function serveScheme(root: string): void {
  protocol.handle(SCHEME, async (request) => {
    const file = request.method === "GET" ? resolveFile(root, request.url) : undefined;
    if (!file) return new Response("Not found", { status: 404 });
    let body: Buffer;
    try {
      body = await readFile(file);
    } catch {
      return new Response("Not found", { status: 404 });
    }
    const headers = new Headers({
      "content-type": mimeType(file),
      "x-content-type-options": "nosniff",
    });
    if (!file.endsWith(".html")) return new Response(new Uint8Array(body), { headers });
    const nonce = randomBytes(16).toString("base64");
    headers.set("content-security-policy", contentSecurityPolicy(nonce));
    return new Response(body.toString("utf8").replaceAll("__CSP_NONCE__", nonce), { headers });
  });
}
