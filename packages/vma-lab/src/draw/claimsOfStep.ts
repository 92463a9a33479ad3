import type { StateRecord } from 'fork-sim';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Pages that one line draws at most. */
const LONGEST_ROW = 200;

/** A state as claims of a litmus file: VMAs, guards, and the flags of each VMA. */
export function claimsOfStep({ vmas, pages }: StateRecord): string[] {
  const end = vmas.at(-1)?.[1] ?? 0;
  if (vmas.length > LETTERS.length || end > LONGEST_ROW) return [`vmas ${vmas.length}`];
  const row = Array.from({ length: end }, (_, page) => {
    const at = vmas.findIndex(([start, to]) => start <= page && page < to);
    return at < 0 ? '.' : LETTERS[at]!;
  });
  // A string where the scenario names no windows.
  const states = typeof pages === 'string' ? pages : '';
  const guards = Array.from(states).flatMap((letter, page) => (letter === 'G' ? [page] : []));
  return [
    end === 0 ? 'vmas 0' : `map ${row.join('')}`,
    ...(states === '' ? [] : [`guards ${guards.length === 0 ? 'none' : guards.join(' ')}`]),
    ...vmas.map(([, , , , , flags], at) => `flags ${LETTERS[at]} are ${flags}`),
  ];
}
