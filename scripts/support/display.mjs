// Where windows can be shown. Node built-ins only.
import { onPath } from "./system-libraries.mjs";

/** Whether this session can show windows. Only on Linux is that in question. */
export function hasDisplay() {
  return process.platform !== "linux" || Boolean(process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"]);
}

/**
 * What to put before a command so that it has a display: nothing, or a virtual one.
 * @returns {string[] | undefined} undefined where neither is to be had
 */
export function displayPrefix() {
  if (hasDisplay()) return [];
  if (!onPath("xvfb-run")) return undefined;
  return ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1600x1000x24"];
}
