import { exportC, formatLitmus, formatOp, litmusOfScenario, straceText, type Trace, type TraceStep } from 'fork-sim';
import { escaped } from 'fork-sim/picture';
import { programOf } from '../../link/program.ts';
import { exportSvg } from '../../picture/exportSvg.ts';
import { sizeOf, stackedSvg } from '../../picture/stackedSvg.ts';
import { type View, viewOfTraces } from '../../picture/view.ts';

/** What is shown: a trace, and that of the other kernel where two are compared. */
export type Traces = readonly [Trace, ...Trace[]];

/** A form in which the playground's state can be taken away. */
export interface ExportForm {
  readonly name: string;
  readonly file: string;
  readonly type: string;
  /** `traces`: one for each kernel that is shown. A form for which one kernel is enough takes the first. */
  readonly make: (traces: Traces, index: number, text: string) => string;
}

/** The forms, in the order of the menu. */
export const EXPORTS: readonly ExportForm[] = [
  { name: 'Picture (SVG)', file: 'vma-lab.svg', type: 'image/svg+xml', make: picture },
  { name: 'All steps (SVG)', file: 'vma-lab-steps.svg', type: 'image/svg+xml', make: film },
  {
    name: 'States (JSON)',
    file: 'vma-lab.json',
    type: 'application/json',
    make: ([{ profile, steps }]) =>
      `${JSON.stringify({ kernel: profile, steps: steps.map(({ record }) => record) }, null, 1)}\n`,
  },
  { name: 'Litmus file', file: 'scenario.litmus', type: 'text/plain', make: litmusFile },
  {
    name: 'Scenario (JSON)',
    file: 'scenario.jsonl',
    type: 'application/json',
    make: ([{ scenario }]) => `${JSON.stringify(scenario)}\n`,
  },
  {
    name: 'Scenario lines',
    file: 'scenario.txt',
    type: 'text/plain',
    make: ([{ scenario }]) => `${scenario.ops.map(formatOp).join('\n')}\n`,
  },
  {
    name: "System calls (strace's form)",
    file: 'scenario.strace',
    type: 'text/plain',
    make: ([{ steps }]) =>
      `${steps.map(({ record: { op, res, at, done } }) => straceText(op, res, at, done)).join('\n')}\n`,
  },
  { name: 'C program', file: 'scenario.c', type: 'text/x-c', make: programInC },
];

/** What is in the editor, with its claims, in the canonical form; of what is no litmus file, the calls alone. */
function litmusFile([{ scenario }]: Traces, _index: number, text: string): string {
  const { litmus, problems } = programOf(text);
  return formatLitmus(litmus !== null && problems.length === 0 ? litmus.litmus : litmusOfScenario(scenario));
}

function programInC([{ scenario, steps, profile }]: Traces): string {
  return exportC(
    scenario,
    steps.map(({ record }) => record),
    profile,
  );
}

/** Steps of a film, at most: more make a picture that no program opens. */
const MOST_STEPS = 200;

/** The step that is shown: each kernel beside the other, a child below its parent. */
function picture(traces: Traces, index: number): string {
  return stackedSvg([traces.map((trace) => stepPicture(trace, index, viewOfTraces(traces)))], titleOf(traces));
}

/** Every step, from top to bottom. */
function film(traces: Traces): string {
  const view = viewOfTraces(traces);
  const rows = traces[0].steps
    .slice(0, MOST_STEPS)
    .map(({ index }) => traces.map((trace) => stepPicture(trace, index, view)));
  return stackedSvg(rows, titleOf(traces));
}

function titleOf(traces: Traces): string {
  return escaped(traces.map(({ profile }) => profile).join(' and '));
}

function stepPicture(trace: Trace, index: number, view: View): string {
  const step = trace.steps[index];
  if (!step) return '<svg width="0" height="0"></svg>';
  const title = `${index + 1}. ${step.line}: ${step.record.res} (${trace.profile})`;
  return step.child === null ? exportSvg(step.state, view, title) : forkPicture(step, view, title);
}

function forkPicture({ state, child }: TraceStep, view: View, title: string): string {
  const parts = [exportSvg(state, view, `${title}, parent`), ...(child ? [exportSvg(child, view, 'Child')] : [])];
  return stackedSvg(
    parts.map((part) => [part]),
    escaped(title),
  );
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

/** Least width of a picture as pixels: that of a slide. */
const PNG_WIDTH = 1920;

/** The picture as pixels, wide enough for a slide. */
export async function downloadPng(traces: Traces, index: number): Promise<void> {
  const svg = picture(traces, index);
  const { width, height } = sizeOf(svg);
  const scale = Math.max(2, PNG_WIDTH / width);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (blob) download(blob, 'vma-lab.png');
}
