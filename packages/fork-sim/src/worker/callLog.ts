import { type LogHistory, STEP_MARKS, type StepMark } from './logTypes.ts';
import { NumberTable } from './numberTable.ts';

/** Samples of a history at most. */
const MAX_SAMPLES = 1024;

/** Steps that a sample of a history stands for. */
export function everyOf(steps: number): number {
  return Math.max(1, Math.ceil(steps / MAX_SAMPLES));
}

const LINE = 0;
const END_LINE = 1;
const VMAS = 2;
const TABLES_KB = 3;
const MARKS = 4;

/** The steps of a log: 20 bytes each, however long its lines are. */
export class CallLog {
  readonly #steps = new NumberTable(5);

  /** Steps so far. */
  get length(): number {
    return this.#steps.length;
  }

  add(step: { line: number; endLine: number; vmas: number; tablesKb: number; marks: number }): void {
    this.#steps.add(step.line, step.endLine, step.vmas, step.tablesKb, step.marks);
  }

  /** A step, from 1: lines on which its call begins and ends, and its marks. */
  at(step: number): { line: number; endLine: number; marks: number } {
    const cell = (column: number): number => this.#steps.at(step - 1, column);
    return { line: cell(LINE), endLine: cell(END_LINE), marks: cell(MARKS) };
  }

  /** The nearest step after a position (before it, with `back`) that has the mark; `null`: there is none. */
  find(mark: StepMark, from: number, back: boolean): number | null {
    const bit = STEP_MARKS[mark];
    const way = back ? -1 : 1;
    for (let at = back ? Math.min(from, this.length + 1) - 2 : from; at >= 0 && at < this.length; at += way) {
      if ((this.#steps.at(at, MARKS) & bit) !== 0) return at + 1;
    }
    return null;
  }

  /** The step whose call begins on the line, or the first that begins later in the log; `null`: there is none. */
  atLine(line: number): number | null {
    let best = -1;
    for (let at = 0; at < this.length; at++) {
      const begins = this.#steps.at(at, LINE);
      if (begins === line) return at + 1;
      if (begins > line && (best < 0 || begins < this.#steps.at(best, LINE))) best = at;
    }
    return best < 0 ? null : best + 1;
  }

  /** @param startVmas VMAs before the first step */
  history(startVmas: number): LogHistory {
    const every = everyOf(this.length);
    const samples = Math.ceil(this.length / every);
    const most = new Uint32Array(samples);
    const fewest = new Uint32Array(samples).fill(0xffff_ffff);
    const tablesKb = new Uint32Array(samples);
    const marked = new Uint8Array(samples);
    const marks: { [mark in StepMark]: number } = { merged: 0, refused: 0, split: 0, failed: 0, differs: 0, fork: 0 };
    const names = Object.keys(STEP_MARKS) as StepMark[];
    let peak = 0;
    let peakVmas = startVmas;
    for (let at = 0; at < this.length; at++) {
      const sample = Math.floor(at / every);
      const vmas = this.#steps.at(at, VMAS);
      most[sample] = Math.max(most[sample]!, vmas);
      fewest[sample] = Math.min(fewest[sample]!, vmas);
      tablesKb[sample] = Math.max(tablesKb[sample]!, this.#steps.at(at, TABLES_KB));
      const bits = this.#steps.at(at, MARKS);
      marked[sample]! |= bits;
      if (bits !== 0) for (const name of names) if ((bits & STEP_MARKS[name]) !== 0) marks[name]++;
      if (vmas <= peakVmas) continue;
      peakVmas = vmas;
      peak = at + 1;
    }
    return { every, most, fewest, tablesKb, marked, peak, marks };
  }
}
