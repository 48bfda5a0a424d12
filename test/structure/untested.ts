/**
 * Source files without a test file of their own name, each with the test in which they are tested instead.
 *
 * Keep it short. An entry that is no longer needed, or whose test does not exist, fails mirror.test.ts.
 */
export const TESTED_ELSEWHERE: Readonly<Record<string, string>> = {};
