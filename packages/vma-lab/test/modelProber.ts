import { type Op, type RunOptions, runScenario, type Scenario } from 'fork-sim';
import type { ProbedKernel } from '../src/conform/kernelProber.ts';
import type { Prober } from '../src/conform/prober.ts';

/** What a kernel with guards, `gu` and no soft-dirty has. */
export const PROBED: ProbedKernel = {
  kind: 'header',
  format: 2,
  kernel: '6.19.1',
  version: '#1 SMP',
  label: '6.19.1',
  softDirty: false,
  faultAroundPages: 1,
  guardInstallAnon: 'ok',
  guardInstallFile: 'ok',
  guardFlagInSmaps: true,
  guardBitInPagemap: true,
  setAnonName: 'EINVAL',
  frames: true,
  maxMapCount: 65_530,
  lockLimitPages: null,
};

/** A prober whose kernel is a model: it reads the line form and answers it, as the C program does. */
export function modelProber(options: RunOptions, change: (answer: string) => string = (answer) => answer): Prober {
  return {
    chunk: 7,
    run: async (input) => {
      const answers = readLineForm(input).map((scenario) =>
        runScenario(scenario, options)
          .map((step) => `${JSON.stringify({ ...step, op: undefined })}\n`)
          .join(''),
      );
      return { status: 0, stdout: answers.map((answer) => `${change(answer)}end\n`).join(''), stderr: '' };
    },
  };
}

const TEXTS = new Set(['prot', 'backing', 'advice', 'access', 'continueIn', 'mode', 'name', 'file', 'of', 'by']);
const NUMBERS = new Set([
  'page',
  'pages',
  'newPage',
  'newPages',
  'pgoff',
  'hint',
  'stride',
  'value',
  'bytes',
  'slack',
  'size',
  'uffd',
  'span',
]);

/** First page, pages, first page, pages, ... */
function rangesOf(text: string): (readonly [number, number])[] {
  const numbers = text.split(',').map(Number);
  return Array.from({ length: numbers.length / 2 }, (_, at) => [numbers[at * 2]!, numbers[at * 2 + 1]!] as const);
}

function readLineForm(input: string): Scenario[] {
  const scenarios: Scenario[] = [];
  let ops: Op[] = [];
  let head: object = {};
  for (const line of input.trimEnd().split('\n')) {
    const [kind = '', ...words] = line.split(' ');
    const fields = Object.fromEntries(
      words.map((word) => {
        const [key = '', value = ''] = word.split('=');
        if (key === 'ranges') return [key, rangesOf(value)];
        return [key, TEXTS.has(key) ? value : NUMBERS.has(key) ? Number(value) : value === '1'];
      }),
    );
    if (kind === 'scenario') {
      ops = [];
      head = {
        ...(fields.span === 64 ? {} : { span: fields.span }),
        ...(fields.reserve === true ? { reserve: true } : {}),
      };
    } else if (kind === 'run') scenarios.push({ id: '', ...head, ops } as Scenario);
    else ops.push({ op: kind, ...fields } as Op);
  }
  return scenarios;
}
