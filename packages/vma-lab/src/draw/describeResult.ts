import type { StepRecord } from 'fork-sim';

/** What came of an operation, without the state: `ok at 20`, `ENOMEM`, `SIGSEGV ..MM`. */
export function describeResult(step: StepRecord): string {
  const words: string[] = [step.res];
  if (step.at !== undefined) words.push(`at ${step.at}`);
  if (step.faults !== undefined) words.push(`faults ${step.faults}`);
  if (step.vals !== undefined) words.push(`read ${shorten(step.vals.map((value) => value ?? '-').join(' '))}`);
  if (step.brk !== undefined) words.push(`break ${step.brk[0]}${step.brk[1] === 0 ? '' : `+${step.brk[1]} bytes`}`);
  if (step.done !== undefined) words.push(`${step.done} pages done`);
  if (step.open === false) words.push('(no userfaultfd)');
  return words.join(' ');
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
