// Runs the program for browsers in our place, in Node 24: Vite does not run in older ones. Node built-ins only.
import { become } from "./child.mjs";
import { inProject, node24 } from "./project.mjs";

/**
 * @param {string[]} args
 * @returns {Promise<number>} its exit code
 */
export const becomeBrowserProgram = (args) => become([node24, inProject("scripts", "browser", "program.mjs"), ...args]);
