// The licences of everything that is installed: only those that let the program be given away under its own.
import { run } from "../support/child.mjs";
import { npmProgram, venvProgram } from "../support/project.mjs";

const allowed = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC-BY-3.0",
  "CC-BY-4.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "MIT-CMU",
  "MPL-2.0",
  "PSF-2.0",
  "Python-2.0",
  "Unlicense",
  "Zlib",
]);

/**
 * Packages whose licence is judged here one by one, each with the reason.
 * @type {Record<string, { licence: RegExp, reason: string }>}
 */
const judged = {
  "mm-test-adapters": {
    licence: /UNKNOWN/,
    reason:
      "Micro-Manager's demo adapters (BSD in their sources; the package does not say): for tests only, never shipped",
  },
  pymmcore: {
    licence: /LGPL/,
    reason:
      "Micro-Manager's core: an optional driver, loaded at run time as a library of its own that the user may replace",
  },
  pypylon: {
    licence: /Proprietary/,
    reason:
      "Basler's wrapper (BSD) with Basler's own runtime: an optional driver, never bundled, installed by who has such a camera",
  },
};

/** Names that Python packages use for a licence, and its SPDX name. */
const spelled = new Map([
  ["Apache 2.0", "Apache-2.0"],
  ["Apache License 2.0", "Apache-2.0"],
  ["Apache License, Version 2.0", "Apache-2.0"],
  ["Apache Software License", "Apache-2.0"],
  ["BSD", "BSD-3-Clause"],
  ["BSD License", "BSD-3-Clause"],
  ["3-Clause BSD License", "BSD-3-Clause"],
  ["DFSG approved", "MIT"],
  ["ISC License (ISCL)", "ISC"],
  ["MIT License", "MIT"],
  ["Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"],
  ["Python Software Foundation License", "PSF-2.0"],
  ["The Unlicense (Unlicense)", "Unlicense"],
]);

/**
 * Whether an SPDX expression can be met with allowed licences alone.
 * @param {string} expression
 * @returns {boolean}
 */
export function permits(expression) {
  const text = expression.trim().replace(/\*$/, "");
  if (allowed.has(spelled.get(text) ?? text)) return true;
  const inner = /^\(([^()]*)\)$/.exec(text)?.[1];
  if (inner !== undefined) return permits(inner);
  // Parentheses first: what stands inside them becomes one word that is allowed or not.
  const simplified = text.replace(/\(([^()]*(?: AND | OR )[^()]*)\)/g, (_, part) =>
    permits(part) ? "MIT" : "refused",
  );
  if (simplified !== text) return permits(simplified);
  if (/ OR /i.test(text)) return text.split(/ OR /i).some(permits);
  if (/ AND /i.test(text)) return text.split(/ AND /i).every(permits);
  // Several classifiers of a Python package: all of them apply.
  if (text.includes(";")) return text.split(";").every(permits);
  return false;
}

/**
 * @param {{ name: string, licence: string }[]} packages
 * @returns {import("./checks.mjs").Finding}
 */
function judge(packages) {
  const refused = packages.filter(({ name, licence }) => !permits(licence) && !judged[name]?.licence.test(licence));
  return {
    ok: refused.length === 0 && packages.length > 0,
    output:
      refused.map(({ name, licence }) => `${name}: ${licence}`).join("\n") +
      "\nDo without the package, or judge it in scripts/check/licences.mjs and write the reason.",
    note: `${packages.length} packages`,
  };
}

/** @returns {Promise<import("./checks.mjs").Finding>} */
export async function checkNpmLicences() {
  const { code, output } = await run([
    ...npmProgram("license-checker-rseidelsohn"),
    "--json",
    "--excludePrivatePackages",
  ]);
  if (code !== 0) return { ok: false, output };
  /** @type {Record<string, { licenses: string | string[] }>} */
  const found = JSON.parse(output);
  return judge(
    Object.entries(found).map(([id, { licenses }]) => ({
      name: id.slice(0, id.lastIndexOf("@")),
      licence: [licenses].flat().join(" AND "),
    })),
  );
}

/** @returns {Promise<import("./checks.mjs").Finding>} */
export async function checkPythonLicences() {
  const { code, output } = await run([
    venvProgram("pip-licenses"),
    "--format=json",
    "--from=mixed",
    "--ignore-packages",
    "macroscope-worker",
  ]);
  if (code !== 0) return { ok: false, output };
  /** @type {{ Name: string, License: string }[]} */
  const found = JSON.parse(output);
  return judge(found.map(({ Name, License }) => ({ name: Name, licence: License })));
}
