import { kernelProfile, type VirtAddr } from 'vma-core';
import { World } from '../../src/process/process.ts';

/** A call of one thread: when it was really done, and when its lines were written. */
interface Done {
  readonly thread: number;
  readonly text: string;
  readonly ret: string;
}

/** Picks a whole number below `n`. */
export type Pick = (n: number) => number;

/** A log of threads whose calls overlap, and what is mapped after it. */
export interface Overlapping {
  readonly log: string;
  readonly mapped: readonly (readonly [number, number])[];
}

const hex = (address: number): string => `0x${address.toString(16)}`;
const pid = (thread: number): number => 100 + thread;

/**
 * Does calls one after the other in the model, and writes a log in which each begins and ends up to `spread` calls earlier and later than it
 * was done: what the log of a program with threads is, with the order known.
 *
 * @param spread calls
 */
export function overlappingLog(pick: Pick, threads: number, calls: number, spread: number): Overlapping {
  const process = new World({ profile: kernelProfile('6.18') }).newProcess();
  const first = process.mmap({ length: 4096, prot: 1, flags: 0x22 });
  const done = Array.from({ length: calls }, () => doOne(process, pick, pick(threads)));
  const lines = [
    `${pid(0)} mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = ${hex(first as number)}`,
    ...Array.from(
      { length: threads - 1 },
      (_, at) => `${pid(0)} clone(child_stack=0x7f0, flags=CLONE_VM|CLONE_SIGHAND|CLONE_THREAD) = ${pid(at + 1)}`,
    ),
    ...linesOf(done, pick, spread),
  ];
  const mapped = process.mm.vmas().map(({ vmStart, vmEnd }) => [vmStart, vmEnd] as const);
  return { log: lines.join('\n'), mapped };
}

const owned = new WeakMap<object, Map<number, [VirtAddr, number][]>>();

/** A mapping, or something done to one that the same thread has made. */
function doOne(process: ReturnType<World['newProcess']>, pick: Pick, thread: number): Done {
  const all = owned.get(process) ?? new Map<number, [VirtAddr, number][]>();
  owned.set(process, all);
  const mine = all.get(thread) ?? [];
  all.set(thread, mine);
  const what = mine.length === 0 ? 0 : pick(4);
  const at = pick(Math.max(1, mine.length));
  const [addr, length] = mine[at] ?? [0 as VirtAddr, 0];
  const newLength = 4096 * (1 + pick(6));
  if (what < 2) {
    const ret = process.mmap({ length: newLength, prot: 1, flags: 0x22 }) as VirtAddr;
    mine.push([ret, newLength]);
    return { thread, text: `mmap(NULL, ${newLength}, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0`, ret: hex(ret) };
  }
  if (what === 2) {
    process.munmap(addr, length);
    mine.splice(at, 1);
    return { thread, text: `munmap(${hex(addr)}, ${length}`, ret: '0' };
  }
  const ret = process.mremap({ oldAddr: addr, oldLength: length, newLength, flags: 1 }) as VirtAddr;
  mine[at] = [ret, newLength];
  return { thread, text: `mremap(${hex(addr)}, ${length}, ${newLength}, MREMAP_MAYMOVE`, ret: hex(ret) };
}

/** The lines of calls: one where nothing comes between a beginning and its end, else two. */
function linesOf(done: readonly Done[], pick: Pick, spread: number): string[] {
  const lastEnd = new Map<number, number>();
  const points = done.flatMap(({ thread }, at) => {
    const low = Math.max(lastEnd.get(thread) ?? 0, at - spread);
    const later = done.findIndex((other, i) => i > at && other.thread === thread);
    const high = Math.min(later < 0 ? done.length : later, at + spread);
    const begin = low + ((at - low) * pick(1000)) / 1000;
    const end = at + ((high - at) * (1 + pick(998))) / 1000;
    lastEnd.set(thread, end);
    return [
      { at: begin, call: at },
      { at: end, call: at },
    ];
  });
  points.sort((a, b) => a.at - b.at);
  const open = new Set<number>();
  return points.flatMap(({ call }, i) => {
    const { thread, text, ret } = done[call] as Done;
    if (open.delete(call)) return `${pid(thread)} <... ${text.split('(')[0]} resumed>) = ${ret}`;
    if (points[i + 1]?.call !== call) {
      open.add(call);
      return `${pid(thread)} ${text} <unfinished ...>`;
    }
    points.splice(i + 1, 1);
    return `${pid(thread)} ${text}) = ${ret}`;
  });
}
