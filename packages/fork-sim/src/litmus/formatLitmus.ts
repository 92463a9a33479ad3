import { formatOpShort } from '../scenario/notation.ts';
import { formatResult } from './callResult.ts';
import { formatClaim } from './claims.ts';
import { formatKernels } from './kernelSet.ts';
import type { ClaimLine, Litmus, LitmusLine } from './litmus.ts';

/** Prints a litmus file in its one canonical form; `parseLitmus` reads the same lines again. */
export function formatLitmus({ lines }: Litmus): string {
  return lines.map((line) => `${formatLitmusLine(line)}\n`).join('');
}

/** Prints one line. */
export function formatLitmusLine(line: LitmusLine): string {
  switch (line.kind) {
    case 'blank':
      return '';
    case 'comment':
      return line.text === '' ? '#' : `# ${line.text}`;
    case 'header':
      return `${line.name}: ${line.value}`;
    case 'op':
      return withComment(
        `${formatOpShort(line.op)}${line.result === null ? '' : ` => ${formatResult(line.result)}`}`,
        line.comment,
      );
    case 'otherResult':
      return withComment(
        `[${formatKernels(line.kernels)}]: ${formatOpShort(line.op)} => ${formatResult(line.result)}`,
        line.comment,
      );
    case 'claim':
      return withComment(formatClaimLine(line), line.comment);
    default:
      return line satisfies never;
  }
}

/** A claim as its line says it, without the comment. */
export function formatClaimLine({ kernels, when, process, claim }: ClaimLine): string {
  const words = [
    kernels === null ? '' : `[${formatKernels(kernels)}]:`,
    when === 'here' ? '' : when,
    process === null ? '' : `${process}:`,
    formatClaim(claim),
  ];
  return words.filter((word) => word !== '').join(' ');
}

function withComment(text: string, comment: string | null): string {
  return comment === null ? text : `${text}  # ${comment}`;
}
