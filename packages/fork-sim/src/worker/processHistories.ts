import type { PerformedCall, Replay } from '../replay/replay.ts';
import { everyOf } from './callLog.ts';
import type { ProcessHistory } from './logTypes.ts';

/** Instead of a number of VMAs: the process is gone. */
const GONE = 0xffff_ffff;

type ReplayedProcess = PerformedCall['process'];

/** VMAs and page tables of a log's processes but the first, over its steps: 16 bytes for each step that changed one of them. */
export class ProcessHistories {
  #length = 0;
  #steps = new Uint32Array(64);
  #pids = new Int32Array(64);
  #vmas = new Uint32Array(64);
  #tablesKb = new Uint32Array(64);

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
      const step = this.#steps[at]!;
      const vmas = this.#vmas[at]!;
      const kb = this.#tablesKb[at]!;
      const last = next === -1 ? steps : this.#steps[next]! - 1;
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

  #find(logPid: number, from: number): number {
    return this.#pids.subarray(0, this.#length).indexOf(logPid, from);
  }

  #add(step: number, { pid, exited, space }: ReplayedProcess): void {
    const at = this.#length++;
    if (at === this.#steps.length) this.#grow();
    const { mm, pageTable } = space.process;
    this.#steps[at] = step;
    this.#pids[at] = pid ?? 0;
    this.#vmas[at] = exited ? GONE : mm.mapCount;
    this.#tablesKb[at] = exited ? 0 : pageTable.vmPteKb;
  }

  #grow(): void {
    const size = this.#steps.length * 2;
    const words = (old: Uint32Array): Uint32Array<ArrayBuffer> => {
      const grown = new Uint32Array(size);
      grown.set(old);
      return grown;
    };
    this.#steps = words(this.#steps);
    this.#vmas = words(this.#vmas);
    this.#tablesKb = words(this.#tablesKb);
    const pids = new Int32Array(size);
    pids.set(this.#pids);
    this.#pids = pids;
  }
}
