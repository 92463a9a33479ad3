import type { LineProblem, LitmusVerdict, Program } from 'fork-sim';

/** True where a text claims something that can be judged: all of it can be read. */
export function hasClaims({ litmus, problems }: Program): boolean {
  if (litmus === null || problems.length > 0) return false;
  return litmus.litmus.lines.some((line) => line.kind === 'claim' || (line.kind === 'op' && line.result !== null));
}

/** The claims of a text that fail, each at its place; one that fails on both kernels stands once. */
export function failedClaims({ litmus }: Program, verdicts: readonly LitmusVerdict[]): LineProblem[] {
  const failures = new Map<string, { readonly line: number; readonly text: string; readonly kernels: string[] }>();
  for (const { kernel, failures: all } of verdicts) {
    for (const { line, found } of all) {
      const same = failures.get(`${line} ${found}`) ?? { line, text: found, kernels: [] };
      same.kernels.push(kernel);
      failures.set(`${line} ${found}`, same);
    }
  }
  return [...failures.values()].map(({ line, text, kernels }) => {
    const place = litmus?.places.findLast((one) => one.line === line) ?? { line, column: 1, end: 2 };
    return { ...place, message: `this claim fails on ${kernels.join(' and ')}; there is: ${text}` };
  });
}

/** How many claims hold, for the reader; empty: there is none. */
export function claimsSummary(verdicts: readonly LitmusVerdict[]): string {
  return verdicts
    .filter(({ claims }) => claims > 0)
    .map(
      ({ kernel, claims, failures }) =>
        `${kernel}: ${claims - new Set(failures.map(({ line }) => line)).size} of ${claims} claims hold`,
    )
    .join('; ');
}
