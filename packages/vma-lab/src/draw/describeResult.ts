import type { Op, StepRecord } from 'fork-sim';

const UNNAMED: ReadonlySet<string> = new Set([
  'op',
  'page',
  'pages',
  'prot',
  'advice',
  'access',
  'newPage',
  'newPages',
]);

/** An operation as one reads it aloud: `mmap 10+12 rw shared`, `mremap 8+4 -> 20+4`. */
export function describeOp(op: Op): string {
  const fields = op as unknown as Readonly<Record<string, string | number | boolean | undefined>>;
  const { page, pages, newPage, newPages } = fields;
  const words: string[] = [op.op];
  if (pages !== undefined) words.push(`${page ?? ''}+${pages}`);
  else if (page !== undefined) words.push(String(page));
  if (newPages !== undefined) words.push(`-> ${newPage ?? ''}+${newPages}`);
  for (const key of ['prot', 'advice', 'access']) if (fields[key] !== undefined) words.push(String(fields[key]));
  for (const [key, value] of Object.entries(fields)) {
    if (!UNNAMED.has(key)) words.push(value === true ? key : `${key}=${value}`);
  }
  return words.join(' ');
}

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
