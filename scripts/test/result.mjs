// What a suite of tests came to.

/** @typedef {{ passed: number, failed: number, skipped: number }} Sum */
/** @typedef {Sum & { title: string, notes: string[] }} Result notes: what was run, what was skipped and why */

/**
 * @param {Sum[]} results
 * @returns {Sum}
 */
export function sumOf(results) {
  const add = (/** @type {keyof Sum} */ key) => results.reduce((total, result) => total + result[key], 0);
  return { passed: add("passed"), failed: add("failed"), skipped: add("skipped") };
}

/** @param {Sum} sum */
export function describeSum({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * The result of a runner that ended with a code: where it failed but its report names no failed test, the run itself is the failure.
 * @param {Result} counted
 * @param {number} code
 * @returns {Result}
 */
export function withExitCode(counted, code) {
  if (code === 0 || counted.failed > 0) return counted;
  return { ...counted, failed: 1, notes: [...counted.notes, `the run itself failed (exit code ${code}); see above`] };
}
