/**
 * @typedef {object} VitestReport The part of vitest's JSON report that the sum is made of.
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests Skipped.
 * @property {number} numTodoTests
 * @property {{ name: string, status: string, assertionResults: { status: string }[] }[]} testResults One for each file.
 */

/**
 * Sums up a whole run. Tests count one each. A test file that failed without a failed test (it did not load, or its
 * set-up broke) counts one, and so does a failed step; vitest as a step only when nothing of its own explains it.
 * @param {readonly string[]} failedSteps Names of the steps that failed.
 * @param {VitestReport | undefined} vitest Undefined when vitest was not run, or ended before its report.
 * @returns {{ passed: number, failed: number, notes: string[] }} Notes: one line for each thing the numbers do not say.
 */
export function sumOf(failedSteps, vitest) {
  const brokenFiles = (vitest?.testResults ?? []).filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const failedTests = (vitest?.numFailedTests ?? 0) + brokenFiles.length;
  const counted = failedSteps.filter((name) => name !== 'vitest' || failedTests === 0);
  const skipped = (vitest?.numPendingTests ?? 0) + (vitest?.numTodoTests ?? 0);
  return {
    passed: vitest?.numPassedTests ?? 0,
    failed: failedTests + counted.length,
    notes: [
      ...counted.map((name) => `failed step: ${name}`),
      ...brokenFiles.map((file) => `failed file: ${file.name}`),
      ...(skipped > 0 ? [`skipped tests: ${skipped}`] : []),
    ],
  };
}
