import { formatResult } from './callResult.ts';
import type { Pages } from './claim.ts';
import { formatClaimLine } from './formatLitmus.ts';
import type { LettersOfStep, ResultClaim, StateClaim } from './litmusTest.ts';

/** A text of C. */
export function cText(text: string): string {
  const plain = text.replace(/[\\"]/g, '\\$&').replace(/[^ -~]/g, '?');
  return `"${plain.replaceAll('??', '?\\?')}"`;
}

/** The statement that looks at the result of the last call. */
export function cResult({ result, line }: ResultClaim): string {
  const { outcome, at, done, faults, reads } = result;
  const words = reads?.map(cText).join(', ');
  const args = [
    line,
    cText(`=> ${formatResult(result)}`),
    cText(outcome),
    at === undefined ? -2 : at === 'outside' ? 'OUTSIDE' : at,
    done ?? -1,
    faults === undefined ? 'NULL' : cText(faults),
    words === undefined ? 'NULL' : `(const char *const[]){ ${words}, NULL }`,
  ];
  return `    result_is(${args.join(', ')});`;
}

/** The statement that looks at a process's state. @param who the number of the process */
export function cClaim(line: StateClaim, who: number, letters: LettersOfStep): string {
  const { claim, process } = line;
  const head = `${line.line}, ${cText(formatClaimLine(line))}`;
  const about = `${head}, ${line.when.toUpperCase()}, ${who}`;
  const page = (vma: string): number => (/^\d+$/.test(vma) ? Number(vma) : (letters(vma, process) ?? -1));
  switch (claim.kind) {
    case 'map':
      return `    map_is(${about}, ${claim.first ?? 0}, ${claim.first === null ? 1 : 0}, ${cText(claim.drawing)});`;
    case 'pages':
      return `    pages_are(${about}, ${claim.first ?? 0}, ${claim.first === null ? 1 : 0}, ${cText(claim.letters)});`;
    case 'guards':
      return `    marks_are(${about}, "guards", 58, ${ranges(claim.ranges)});`;
    case 'soft-dirty':
      return `    marks_are(${about}, "soft-dirty", 55, ${ranges(claim.ranges)});`;
    case 'write-protected':
      return `    marks_are(${about}, "write-protected", 57, ${ranges(claim.ranges)});`;
    case 'flags': {
      const words = claim.flags.map(cText).join(', ');
      return `    flags_are(${about}, ${page(claim.vma)}, '${claim.how[0]}', (const char *const[]){ ${words}, NULL });`;
    }
    case 'vma':
      return `    vma_is(${about}, ${page(claim.vma)}, ${cText(claim.perms)}, ${claim.pgoff ?? -1});`;
    case 'vmas':
      return `    count_is(${about}, ${claim.count});`;
    case 'tables':
      return `    tables_are(${about}, ${claim.kb});`;
    case 'forked':
      return `    unseen(${head}, "what fork decides is not shown");`;
    default:
      return claim satisfies never;
  }
}

function ranges(all: readonly Pages[]): string {
  return `(const long[]){ ${[...all.flatMap(({ first, count }) => [first, count]), -1].join(', ')} }`;
}
