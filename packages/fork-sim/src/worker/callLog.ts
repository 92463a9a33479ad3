import { type LogHistory, STEP_MARKS, type StepMark } from './logTypes.ts';

/** Samples of a history at most. */
const MAX_SAMPLES = 1024;

/** Steps that a sample of a history stands for. */
export function everyOf(steps: number): number {
  return Math.max(1, Math.ceil(steps / MAX_SAMPLES));
}

/** The steps of a log as columns: 17 bytes each, however long its lines are. */
export class CallLog {
  /** Steps so far. */
  length = 0;
  #lines = new Uint32Array(1024);
  #endLines = new Uint32Array(1024);
  #vmas = new Uint32Array(1024);
  #tablesKb = new Uint32Array(1024);
  #marks = new Uint8Array(1024);

  add(step: { line: number; endLine: number; vmas: number; tablesKb: number; marks: number }): void {
    const at = this.length++;
    if (at === this.#lines.length) this.#grow();
    this.#lines[at] = step.line;
    this.#endLines[at] = step.endLine;
    this.#vmas[at] = step.vmas;
    this.#tablesKb[at] = step.tablesKb;
    this.#marks[at] = step.marks;
  }

  /** A step, from 1: lines on which its call begins and ends, and its marks. */
  at(step: number): { line: number; endLine: number; marks: number } {
    return {
      line: this.#lines[step - 1]!,
      endLine: this.#endLines[step - 1]!,
      marks: this.#marks[step - 1]!,
    };
  }

  /** The nearest step after a position (before it, with `back`) that has the mark; `null`: there is none. */
  find(mark: StepMark, from: number, back: boolean): number | null {
    const bit = STEP_MARKS[mark];
    const way = back ? -1 : 1;
    for (let at = back ? Math.min(from, this.length + 1) - 2 : from; at >= 0 && at < this.length; at += way) {
      if ((this.#marks[at]! & bit) !== 0) return at + 1;
    }
    return null;
  }

  /** The step whose call begins on the line, or the first that begins later in the log; `null`: there is none. */
  atLine(line: number): number | null {
    let best = -1;
    for (let at = 0; at < this.length; at++) {
      const begins = this.#lines[at]!;
      if (begins === line) return at + 1;
      if (begins > line && (best < 0 || begins < this.#lines[best]!)) best = at;
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
    const marks: { [mark in StepMark]: number } = { merged: 0, refused: 0, split: 0, failed: 0, differs: 0, fork: 0 };
    const names = Object.keys(STEP_MARKS) as StepMark[];
    let peak = 0;
    let peakVmas = startVmas;
    for (let at = 0; at < this.length; at++) {
      const sample = Math.floor(at / every);
      const vmas = this.#vmas[at]!;
      if (vmas > most[sample]!) most[sample] = vmas;
      if (vmas < fewest[sample]!) fewest[sample] = vmas;
      if (this.#tablesKb[at]! > tablesKb[sample]!) tablesKb[sample] = this.#tablesKb[at]!;
      const bits = this.#marks[at]!;
      if (bits !== 0) for (const name of names) if ((bits & STEP_MARKS[name]) !== 0) marks[name]++;
      if (vmas <= peakVmas) continue;
      peakVmas = vmas;
      peak = at + 1;
    }
    return { every, most, fewest, tablesKb, peak, marks };
  }

  #grow(): void {
    const size = this.#lines.length * 2;
    const words = (old: Uint32Array): Uint32Array<ArrayBuffer> => {
      const grown = new Uint32Array(size);
      grown.set(old);
      return grown;
    };
    this.#lines = words(this.#lines);
    this.#endLines = words(this.#endLines);
    this.#vmas = words(this.#vmas);
    this.#tablesKb = words(this.#tablesKb);
    const marks = new Uint8Array(size);
    marks.set(this.#marks);
    this.#marks = marks;
  }
}
