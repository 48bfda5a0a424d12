/** Where our pages come from, and how one is told from any other. */

/** The name of our pages' scheme. */
export const SCHEME = "macroscope";

/** The origin of all our pages in a built app. */
export const APP_ORIGIN = `${SCHEME}://app`;

/** Set by the development build only: where its pages are served with hot reload. */
declare const PAGES_VITE_DEV_SERVER_URL: string | undefined;

/** The development server's address, in a development build. */
const developmentUrl = typeof PAGES_VITE_DEV_SERVER_URL === "string" ? PAGES_VITE_DEV_SERVER_URL : undefined;

/** Where a window's page is: `name` is its folder of src/renderer. */
export function pageUrl(name: string): string {
  return `${developmentUrl ?? APP_ORIGIN}/${name}/index.html`;
}

/** Whether a URL is a page of ours: the scheme's origin, or in development the development server's. */
export function isOurPage(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const page = new URL(url);
  // The origin of a scheme that Node does not know is "null"; so the parts are compared.
  if (`${page.protocol}//${page.host}` === APP_ORIGIN) return true;
  return developmentUrl !== undefined && page.origin === new URL(developmentUrl).origin;
}
