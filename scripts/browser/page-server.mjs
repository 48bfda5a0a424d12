// Vite's development server for the pages, on this computer only, with the policy and the facts that a page needs in a browser.
import { randomBytes } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { createServer } from "vite";
import { inProject } from "../support/project.mjs";

const HOST = "127.0.0.1";
/** Whoever names no page gets the operator's. */
const FIRST_PAGE = "/operator/";

export class PageServer {
  /** Where the worker's WebSocket is; set as soon as it is known. */
  address = "";
  /** One nonce for the life of the server: Vite writes it into what it serves. */
  #nonce = randomBytes(16).toString("base64");
  #tokenFile;
  #port = 0;
  /** @type {import("vite").ViteDevServer | undefined} */
  #vite;

  /** @param {string} tokenFile its path is shown on the page, never what is in it */
  constructor(tokenFile) {
    this.#tokenFile = tokenFile;
  }

  /**
   * @param {number | undefined} port one that has to be free; by default Vite's usual one, or the next
   * @returns {Promise<string>} the page's origin
   */
  async start(port) {
    const vite = await createServer({
      configFile: inProject("vite.renderer.config.ts"),
      // `npm run dev` has another server, with other files made ready.
      cacheDir: inProject(".cache", "browser", "vite"),
      clearScreen: false,
      logLevel: "warn",
      html: { cspNonce: this.#nonce },
      server: {
        host: HOST,
        ...(port === undefined ? {} : { port, strictPort: true }),
        cors: false,
        // Tokens, recordings and whatever else lies in the checkout are no part of the page.
        fs: {
          strict: true,
          allow: ["src", "gen/ts", "node_modules", ".cache/browser/vite"].map((name) => realPath(inProject(name))),
        },
      },
      plugins: [this.#plugin()],
    });
    this.#vite = vite;
    await vite.listen();
    const address = vite.httpServer?.address();
    if (typeof address !== "object" || address === null) throw new Error("The page's server has no address.");
    this.#port = address.port;
    return this.#origin;
  }

  async end() {
    await this.#vite?.close();
  }

  get #origin() {
    return `http://${HOST}:${this.#port}`;
  }

  /** @returns {import("vite").Plugin} */
  #plugin() {
    return {
      name: "macroscope-page",
      configureServer: (vite) => {
        vite.middlewares.use((request, response, next) => {
          // By that name another program may be found, and the worker does not know the page by it.
          if (request.headers.host === `localhost:${this.#port}`) {
            response.writeHead(307, { location: `${this.#origin}${request.url ?? "/"}` }).end();
            return;
          }
          if (request.url === "/") {
            response.writeHead(307, { location: FIRST_PAGE }).end();
            return;
          }
          response.setHeader("content-security-policy", this.#policy());
          response.setHeader("x-content-type-options", "nosniff");
          response.setHeader("referrer-policy", "no-referrer");
          next();
        });
      },
      transformIndexHtml: {
        order: "pre",
        handler: (html) => ({
          html: html.replaceAll("__CSP_NONCE__", this.#nonce),
          tags: [
            { tag: "meta", attrs: { name: "macroscope-websocket", content: this.address } },
            { tag: "meta", attrs: { name: "macroscope-token-file", content: this.#tokenFile } },
          ],
        }),
      },
    };
  }

  /** What the page may do: its own code and styles, the worker's WebSocket, and Vite's own for hot reload. */
  #policy() {
    const worker = this.address === "" ? "" : ` ${this.address}`;
    return [
      "default-src 'none'",
      `script-src 'self' 'nonce-${this.#nonce}'`,
      "worker-src 'self'",
      `style-src 'self' 'nonce-${this.#nonce}'`,
      "img-src 'self' data: blob:",
      "font-src 'self'",
      `connect-src 'self' ws://${HOST}:${this.#port}${worker}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; ");
  }
}

/**
 * Where a folder truly lies, as Vite asks for it: packages may be linked from another checkout.
 * @param {string} folder
 */
function realPath(folder) {
  return existsSync(folder) ? realpathSync(folder) : folder;
}
