import type { PerformedCall, Replay } from '../replay/replay.ts';
import { everyOf } from './callLog.ts';
import type { ProcessHistory } from './logTypes.ts';
import { NumberTable } from './numberTable.ts';

/** Instead of a number of VMAs: the process is gone. */
const GONE = 0xffff_ffff;

const STEP = 0;
const PID = 1;
const VMAS = 2;
const TABLES_KB = 3;

type ReplayedProcess = PerformedCall['process'];

/** VMAs and page tables of a log's processes but the first, over its steps: 16 bytes for each step that changed one of them. */
export class ProcessHistories {
  readonly #changes = new NumberTable(4);

  /** Keeps what the step that was performed just now changed. */
  see(step: number, { process }: PerformedCall, { first, killed, processes }: Replay): void {
    for (const one of killed) if (one !== first) this.#add(step, one);
    const { space } = process;
    // Processes that share an address space change together: a vfork child and its parent.
    const sharers = space.users > 1 ? processes.filter((one) => one.space === space) : [process];
    for (const one of sharers) if (one !== first) this.#add(step, one);
    if (process.exited && !sharers.includes(process) && process !== first) this.#add(step, process);
    const born = space.fork === null ? undefined : processes.find(({ pid }) => pid === space.fork?.child);
    if (born !== undefined && born.space !== space) this.#add(step, born);
  }

  /**
   * The history of a process, by its pid in the log; `null`: the log shows no such process besides the first.
   * @param steps steps that there are
   */
  history(logPid: number, steps: number): ProcessHistory | null {
    const every = everyOf(steps);
    const samples = Math.ceil(steps / every);
    const most = new Uint32Array(samples);
    const fewest = new Uint32Array(samples);
    const tablesKb = new Uint32Array(samples);
    let [from, to, startVmas, peak, peakVmas] = [0, null as number | null, 0, 0, -1];
    for (let at = this.#find(logPid, 0); at !== -1; ) {
      const next = this.#find(logPid, at + 1);
      const step = this.#changes.at(at, STEP);
      const vmas = this.#changes.at(at, VMAS);
      const kb = this.#changes.at(at, TABLES_KB);
      const last = next === -1 ? steps : this.#changes.at(next, STEP) - 1;
      at = next;
      if (from === 0) [from, startVmas] = [step, vmas];
      to = vmas === GONE ? step : null;
      if (vmas === GONE) continue;
      if (vmas > peakVmas) [peak, peakVmas] = [step, vmas];
      for (let sample = Math.floor((step - 1) / every); sample * every < last; sample++) {
        const before = fewest[sample]!;
        most[sample] = Math.max(most[sample]!, vmas);
        fewest[sample] = before === 0 ? vmas : Math.min(before, vmas);
        tablesKb[sample] = Math.max(tablesKb[sample]!, kb);
      }
    }
    return from === 0 ? null : { logPid, every, most, fewest, tablesKb, from, to, startVmas, peak, peakVmas };
  }

  /** The first change of a process from one on; -1: there is none. */
  #find(logPid: number, from: number): number {
    for (let at = from; at < this.#changes.length; at++) if (this.#changes.at(at, PID) === logPid) return at;
    return -1;
  }

  #add(step: number, { pid, exited, space }: ReplayedProcess): void {
    const { mm, pageTable } = space.process;
    this.#changes.add(step, pid ?? 0, exited ? GONE : mm.mapCount, exited ? 0 : pageTable.vmPteKb);
  }
}
