import { exportC, formatLitmus, formatOp, litmusOfScenario, straceText, type Trace } from 'fork-sim';
import { programOf } from '../../link/program.ts';
import { exportSvg } from '../../picture/exportSvg.ts';
import { viewOfTrace } from '../../picture/view.ts';

/** A form in which the playground's state can be taken away. */
export interface ExportForm {
  readonly name: string;
  readonly file: string;
  readonly type: string;
  readonly make: (trace: Trace, index: number, text: string) => string;
}

/** The forms, in the order of the menu. */
export const EXPORTS: readonly ExportForm[] = [
  { name: 'Picture (SVG)', file: 'vma-lab.svg', type: 'image/svg+xml', make: picture },
  {
    name: 'States (JSON)',
    file: 'vma-lab.json',
    type: 'application/json',
    make: ({ profile, steps }) =>
      `${JSON.stringify({ kernel: profile, steps: steps.map(({ record }) => record) }, null, 1)}\n`,
  },
  { name: 'Litmus file', file: 'scenario.litmus', type: 'text/plain', make: litmusFile },
  {
    name: 'Scenario (JSON)',
    file: 'scenario.jsonl',
    type: 'application/json',
    make: ({ scenario }) => `${JSON.stringify(scenario)}\n`,
  },
  {
    name: 'Scenario lines',
    file: 'scenario.txt',
    type: 'text/plain',
    make: ({ scenario }) => `${scenario.ops.map(formatOp).join('\n')}\n`,
  },
  {
    name: "System calls (strace's form)",
    file: 'scenario.strace',
    type: 'text/plain',
    make: ({ steps }) => `${steps.map(({ record: { op, res, at } }) => straceText(op, res, at)).join('\n')}\n`,
  },
  { name: 'C program', file: 'scenario.c', type: 'text/x-c', make: programInC },
];

/** What is in the editor, with its claims, in the canonical form; of what is no litmus file, the calls alone. */
function litmusFile({ scenario }: Trace, _index: number, text: string): string {
  const { litmus, problems } = programOf(text);
  return formatLitmus(litmus !== null && problems.length === 0 ? litmus.litmus : litmusOfScenario(scenario));
}

function programInC({ scenario, steps, profile }: Trace): string {
  return exportC(
    scenario,
    steps.map(({ record }) => record),
    profile,
  );
}

function picture(trace: Trace, index: number): string {
  const step = trace.steps[index];
  if (!step) return '';
  return exportSvg(step.state, viewOfTrace(trace), `${formatOp(step.op)} (${trace.profile})`);
}

/** Hands a text to the browser as a file. */
export function download(content: Blob, file: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The picture as pixels, twice as large. */
export async function downloadPng(trace: Trace, index: number): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture(trace, index))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width * 2;
  canvas.height = image.height * 2;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (blob) download(blob, 'vma-lab.png');
}
