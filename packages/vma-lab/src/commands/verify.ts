import { countOf, formatCount, unjudgedText } from 'fork-sim/words';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_DIFFERENT, EXIT_OK } from '../cli/exitStatus.ts';
import { jsonLine, printable } from '../cli/printable.ts';
import { ProgressLine } from '../cli/progressLine.ts';
import { allOption } from '../cli/sharedOptions.ts';
import type { Style } from '../cli/style.ts';
import { drawDifference } from '../draw/drawDifference.ts';
import { drawFinal } from '../draw/drawFinal.ts';
import { drawOthersNotes } from '../draw/drawReplayTrouble.ts';
import { item } from '../draw/section.ts';
import { processJson } from '../json/replayJson.ts';
import { showResult } from '../json/texts.ts';
import { compareJson } from '../verify/compareSteps.ts';
import { findRecordings } from '../verify/findRecordings.ts';
import { type ProgramVerdict, verifyProgram } from '../verify/programRecording.ts';
import { type RecordingVerdict, verifyRecording } from '../verify/verifyRecording.ts';

/** Options of `vma-lab verify`. */
interface VerifyCommand {
  /** Every difference, not the first of each recording alone. */
  readonly all?: boolean;
  readonly json?: boolean;
}

type Verdict = RecordingVerdict | ProgramVerdict;

/** Compares recordings with the model. Status 1 when anything differs. */
async function verify(paths: readonly string[], options: VerifyCommand, io: CliIo, style: Style): Promise<number> {
  const found = await findRecordings(paths, io);
  const progress = new ProgressLine(io);
  const verdicts: Verdict[] = [];
  try {
    for (const { kind, path } of found) {
      const watch = (scenarios: number): void => progress.update(() => `${path}: ${formatCount(scenarios)} scenarios`);
      const verdict = kind === 'kernel' ? await verifyRecording(path, io, watch) : await verifyProgram(path, io);
      verdicts.push(verdict);
      progress.done();
      if (!options.json) await io.out(drawVerdict(printable(verdict), options, style));
    }
  } finally {
    progress.done();
  }
  const isDifferent = verdicts.some(({ different }) => different.length > 0);
  if (options.json) await io.out(jsonLine(summarize(verdicts)));
  else if (verdicts.length > 1) await io.out(drawTotal(verdicts, style));
  return isDifferent ? EXIT_DIFFERENT : EXIT_OK;
}

function drawVerdict(verdict: Verdict, options: VerifyCommand, style: Style): string {
  return verdict.kind === 'kernel' ? drawKernelVerdict(verdict, options, style) : drawProgramVerdict(verdict, style);
}

/** A tick only where everything was judged, and is equal. */
function signOf({ different }: Verdict, isOpen: boolean, style: Style): string {
  if (different.length > 0) return style.bad(style.sign.cross);
  return isOpen ? style.note('?') : style.good(style.sign.check);
}

function drawKernelVerdict(verdict: RecordingVerdict, options: VerifyCommand, style: Style): string {
  const { file, equal, scenarios, steps, different, note } = verdict;
  const sign = signOf(verdict, steps === 0, style);
  const head = `${sign} ${file}: ${formatCount(equal)} of ${formatCount(scenarios)} scenarios, ${countOf(steps, 'step')}  ${style.dim(note)}\n`;
  const shown = options.all ? different : different.slice(0, 1);
  const drawn = shown.map(
    ({ scenario, index, recorded, model }) => `\n${drawDifference(file, scenario, index, recorded, model, style)}`,
  );
  const left = different.length - shown.length;
  const more = left > 0 ? style.dim(`\nand ${countOf(left, 'more scenario')} (--all lists them)\n`) : '';
  return `${head}${drawn.join('')}${more}`;
}

function drawProgramVerdict(verdict: ProgramVerdict, style: Style): string {
  const { folder, report, equal, processes, different } = verdict;
  const open = unjudgedText(verdict.unjudged);
  const sign = signOf(verdict, open !== '' || processes === 0, style);
  const [kernel] = report.kernels;
  const vmas = kernel?.processes.reduce((sum, { final }) => sum + (final?.real ?? 0), 0) ?? 0;
  const places = kernel?.processes.reduce((sum, { placesChecked }) => sum + placesChecked, 0) ?? 0;
  const what = `${equal} of ${countOf(processes, 'process', 'processes')}, ${countOf(vmas, 'VMA')}, ${countOf(places, 'placement')}, ${countOf(report.log.calls, 'call')}`;
  const lines = [
    `${sign} ${folder}: ${what}${open === '' ? '' : `; not judged: ${open}`}  ${style.dim(kernel?.note ?? '')}`,
  ];
  for (const one of different) {
    const { pid, final, wrongPlaces, wrongResults } = one;
    lines.push('', `  pid ${pid ?? '?'}`);
    if (final !== null && final.differing > 0) lines.push(...drawFinal(final, style));
    for (const { message } of one.violations.slice(0, 3))
      lines.push(...item('unsound', `the model is wrong, please report it: ${message}`, style));
    for (const { line, call, log, model } of [...wrongPlaces.examples, ...wrongResults.examples].slice(0, 3)) {
      lines.push(
        `  line ${line}: ${call}`,
        `    in the log ${showResult(log)}, in the model ${style.bad(showResult(model))}`,
      );
    }
    lines.push(...drawOthersNotes([{ ...one, wrongPlaces: NONE, wrongResults: NONE }], style).slice(1));
    for (const sentence of one.assumptions) lines.push(...item('assumed', sentence, style));
  }
  if (different.length > 0) lines.push(...drawOthersNotes(kernel?.processes[0]?.others ?? [], style));
  return `${lines.join('\n')}\n`;
}

/** Drawn already. */
const NONE = { count: 0, examples: [] };

function drawTotal(verdicts: readonly Verdict[], style: Style): string {
  const bad = verdicts.filter(({ different }) => different.length > 0).length;
  const kernels = verdicts.filter((verdict) => verdict.kind === 'kernel');
  const scenarios = kernels.reduce((sum, verdict) => sum + verdict.scenarios, 0);
  const steps = kernels.reduce((sum, verdict) => sum + verdict.steps, 0);
  const what = kernels.length === 0 ? '' : `, ${countOf(scenarios, 'scenario')}, ${countOf(steps, 'step')}`;
  const open = verdicts.filter((one) => one.kind === 'program' && unjudgedText(one.unjudged) !== '').length;
  const unjudged =
    open === 0 ? '' : `; ${countOf(open, 'recording')} ${open === 1 ? 'has' : 'have'} calls that could not be judged`;
  const result =
    bad === 0 ? style.good('all equal') : style.bad(`${countOf(bad, 'recording')} ${bad === 1 ? 'differs' : 'differ'}`);
  return `${countOf(verdicts.length, 'recording')}${what}: ${result}${unjudged}\n`;
}

/** What `--json` prints. */
function summarize(verdicts: readonly Verdict[]): unknown {
  return {
    kind: 'verify',
    version: 1,
    equal: verdicts.every(({ different }) => different.length === 0),
    recordings: verdicts.map((verdict) =>
      verdict.kind === 'kernel'
        ? {
            kind: verdict.kind,
            file: verdict.file,
            kernel: verdict.header.kernel,
            profile: verdict.profile,
            format: verdict.header.format,
            scenarios: verdict.scenarios,
            steps: verdict.steps,
            equal: verdict.equal,
            different: verdict.different.map(({ scenario, index, recorded, model }) => ({
              id: scenario.id,
              step: index,
              differences: compareJson(recorded, model).map((one) => ({
                ...one,
                recorded: one.recorded ?? null,
                model: one.model ?? null,
              })),
            })),
          }
        : {
            kind: verdict.kind,
            folder: verdict.folder,
            kernel: verdict.report.kernels[0]?.kernel,
            profile: verdict.report.kernels[0]?.profile.name,
            calls: verdict.report.log.calls,
            processes: verdict.processes,
            equal: verdict.equal,
            unjudged: verdict.unjudged,
            different: verdict.different.map((process) => {
              const { pid, final, places, results, outside, violations } = processJson(process);
              return { pid, final, places, results, outside, violations };
            }),
          },
    ),
  };
}

/** `vma-lab verify`. */
export const verifyCommand: CommandRow<VerifyCommand> = {
  name: 'verify',
  summary: 'Compare recordings of real kernels and programs with the model; status 1 when anything differs.',
  prints: 'Prints a line for each recording, with its counts of equal and compared, and draws its first difference.',
  operands: [
    ['<recording...>', 'a kernel’s recording (.jsonl, .jsonl.gz, -), a program’s folder, or a folder of either'],
  ],
  options: [allOption('every difference, not the first of each recording alone')],
  examples: `vma-lab verify conformance/recordings/kernels/6.19.14.jsonl.gz
vma-lab verify conformance/recordings conformance/programs
vma-lab run scenarios.jsonl --kernel 7.3 --json | vma-lab verify -`,
  run: verify,
};
