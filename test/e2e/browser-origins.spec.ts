/** Pages of other sites, in the same browser. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { enter, expect, needsChromium, test } from "./browser-application";

needsChromium();

/** Somebody else's site, on this computer so that the browser has no objections of its own. */
async function otherSite(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<title>Somebody else</title>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

/** Dials from within a page, as its scripts would; says what became of it. */
function dialFrom(page: Page, address: string): Promise<string> {
  return page.evaluate(
    (url) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(url, "macroscope.v1");
        socket.addEventListener("open", () => resolve("open"));
        socket.addEventListener("close", ({ code }) => resolve(`closed with ${code}`));
      }),
    address,
  );
}

test("a page of another site cannot dial the worker, even while ours is connected", async ({
  page,
  context,
  program,
}) => {
  await enter(page, program);
  const { server, port } = await otherSite();
  try {
    const foreign = await context.newPage();
    await foreign.goto(`http://127.0.0.1:${port}/`);
    expect(await dialFrom(foreign, (await program.door()).address)).toBe("closed with 1006");
    expect(await program.log()).toContain(`The origin is 'http://127.0.0.1:${port}'; it was not named`);
  } finally {
    server.close();
  }
  await expect(page.getByRole("status", { name: "State" })).toHaveText("Live");
});

test("a name of another site that was made to point here does not lead to the worker", async ({ page, program }) => {
  const { server, port } = await otherSite();
  const address = (await program.door()).address.replace("127.0.0.1", "rebound.test");
  try {
    // The browser is told that the name is this computer; see playwright.config.ts.
    await page.goto(`http://rebound.test:${port}/`);
    expect(await dialFrom(page, address)).toBe("closed with 1006");
    expect(await program.log()).toContain("The host is 'rebound.test:");
  } finally {
    server.close();
  }
});

test("the page may talk to its worker and to nobody else", async ({ page, program }) => {
  await page.goto(program.origin);
  const { server, port } = await otherSite();
  try {
    const reached = await page.evaluate(async (other) => {
      const fetched = await fetch(`http://127.0.0.1:${other}/`, { mode: "no-cors" }).then(
        () => true,
        () => false,
      );
      const dialled = await new Promise<boolean>((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${other}/`);
        socket.addEventListener("open", () => resolve(true));
        socket.addEventListener("error", () => resolve(false));
      });
      return { fetched, dialled };
    }, port);
    expect(reached).toEqual({ fetched: false, dialled: false });
  } finally {
    server.close();
  }
  const answer = await page.request.get(program.origin);
  expect(answer.headers()["content-security-policy"]).toContain((await program.door()).address);
});

test("the page's server gives out no file but the page's", async ({ page, program }) => {
  const root = process.cwd();
  for (const file of [
    `/@fs${program.folder}/run/websocket.json`,
    `/@fs${root}/package.json`,
    `/@fs${root}/.git/HEAD`,
  ]) {
    const answer = await page.request.get(`${program.origin}${file}`);
    expect(answer.status(), file).not.toBe(200);
  }
  // By the name that people type, one is led to the page that the worker knows.
  await page.goto(program.origin.replace("127.0.0.1", "localhost"));
  expect(page.url()).toBe(`${program.origin}/operator/`);
});
