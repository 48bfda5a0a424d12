/** Which files a page may have, and what it may do with them. */
import path from "node:path";
import { SCHEME } from "./page-origin";

const MIME_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

/** The type that a file is served with. */
export function mimeType(file: string): string {
  return MIME_TYPES[path.extname(file)] ?? "application/octet-stream";
}

/** The policy of a page: code and styles of ours only, and no network. */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    // Elements' style attributes are written by React through the style object, which no policy stops; markup cannot bring its own.
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/**
 * The file that a URL of the scheme means, or undefined where it means none: another host, a path out of the root, a NUL, a kind of file
 * that a page has no use for.
 */
export function resolveFile(root: string, url: string): string | undefined {
  const { protocol: scheme, host, pathname } = new URL(url);
  if (scheme !== `${SCHEME}:` || host !== "app") return undefined;
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (decoded.includes("\0") || decoded.includes("\\")) return undefined;
  const file = path.resolve(root, `.${decoded}`);
  if (!file.startsWith(root + path.sep)) return undefined;
  return path.extname(file) in MIME_TYPES ? file : undefined;
}
