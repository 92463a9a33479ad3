import type { StraceCall } from 'proc-io';
import { MAP_FIXED, NO_VMA, PAGE_SIZE, pageAlign, permissions } from 'vma-core';
import { type AddressRange, DisjointRanges } from '../replay/disjointRanges.ts';
import type { Replay } from '../replay/replay.ts';
import type { ReplaySpace } from '../replay/replaySpace.ts';
import { backingOf } from './backingOf.ts';
import type { OwnedVma } from './consumers.ts';
import { HistoryOfVmas, type VmaHistory } from './vmaHistory.ts';
import { vmaNamer } from './vmaNames.ts';

/** What one call mapped, as far as it is still there. */
interface Made extends AddressRange {
  readonly call: StraceCall;
}

/** The most VMAs with which the map is kept after each call that made more than ever before. */
const EXACT = 1024;

/** CLONE_VM and CLONE_THREAD: the call makes a thread. */
const THREAD = 0x100 | 0x10000;

/**
 * The map of a log's process when it had most VMAs, and which calls made it. A large map is kept before a call that may take VMAs away, if
 * it has one in 64 more than the last one that was kept: so each VMA is looked at a few times, however long the log. The map is that of the
 * peak up to 1,024 VMAs, and above that at most one in 64 smaller.
 */
export class PeakMap {
  #space: ReplaySpace | null = null;
  #made = new DisjointRanges<Made>();
  /** An address on the stack of each thread that the process made. */
  readonly #stacks = new Set<number>();
  #kept: readonly OwnedVma[] = [];
  readonly #history = new HistoryOfVmas();
  /** A call was seen: the next one shows how many VMAs there were after it. */
  #isSeen = false;

  /** A call is about to be performed. */
  before(call: StraceCall, replay: Replay): void {
    const space = replay.told?.space ?? null;
    if (space === null) {
      // The process is not there yet.
      if (this.#isSeen) this.#history.add(0);
      this.#isSeen = true;
      return;
    }
    if (space !== this.#space) this.#begin(space);
    const { mapCount } = space.process.mm;
    if (this.#isSeen) this.#history.add(mapCount);
    this.#isSeen = true;
    if (mapCount <= EXACT) this.#keep(replay, space, 0);
    else if (mayUnmap(call)) this.#keep(replay, space, mapCount >> 6);
    if (
      (call.name === 'clone' || call.name === 'clone3') &&
      call.errno === null &&
      (call.args.flags & THREAD) === THREAD
    )
      this.#stacks.add(call.args.stack + (call.args.stackSize ?? 0) - PAGE_SIZE);
  }

  /** A call made or changed a range; bytes, the end exclusive. */
  settled(space: ReplaySpace, call: StraceCall, start: number, end: number): void {
    if (space !== this.#space || call.errno !== null) return;
    switch (call.name) {
      case 'munmap':
        this.#made.cut(start, end);
        break;
      case 'mremap':
        this.#made.cut(call.args.addr, call.args.addr + pageAlign(call.args.oldLength));
        this.#put(call, start, end);
        break;
      case 'mmap':
      case 'mmap2':
      case 'old_mmap':
      case 'brk':
      case 'shmat':
        this.#put(call, start, end);
        break;
      default:
        break;
    }
  }

  /** The log is over. */
  end(replay: Replay): void {
    const space = replay.told?.space;
    if (space === undefined) return;
    if (space !== this.#space) this.#begin(space);
    this.#history.add(space.process.mm.mapCount);
    this.#keep(replay, space, 0);
  }

  /** The VMAs at the peak, in address order. */
  get vmas(): readonly OwnedVma[] {
    return this.#kept;
  }

  /** VMAs of the process after each call of the log, whichever process made it. */
  get history(): VmaHistory {
    return this.#history.history;
  }

  #begin(space: ReplaySpace): void {
    this.#space = space;
    this.#made = new DisjointRanges();
    this.#stacks.clear();
    this.#kept = [];
  }

  #put(call: StraceCall, start: number, end: number): void {
    if (end <= start) return;
    this.#made.cut(start, end);
    this.#made.put({ start, end, call });
  }

  /** Keeps the map if it has more VMAs than the last one, by more than `slack`. */
  #keep(replay: Replay, space: ReplaySpace, slack: number): void {
    const { process } = space;
    const { mm } = process;
    const { store } = mm;
    if (mm.mapCount <= this.#kept.length + slack) return;
    const nameOf = vmaNamer(process, space, replay.files);
    const stacks = [...this.#stacks].sort((a, b) => a - b);
    const kept: OwnedVma[] = [];
    let stack = 0;
    for (let ref = mm.index.first(); ref !== NO_VMA; ref = mm.index.next(ref)) {
      const [start, end, vmFlags] = [store.start[ref]!, store.end[ref]!, store.flags(ref)];
      const vmFile = store.file[ref] === 0 ? null : store.file[ref]!;
      while (stack < stacks.length && stacks[stack]! < start) stack++;
      kept.push({
        start,
        end,
        perms: permissions(vmFlags),
        backing: backingOf({ vmFlags, vmFile }),
        name: nameOf(ref),
        made: this.#made.around(start, start + PAGE_SIZE)?.call ?? null,
        threadStack: stack < stacks.length && stacks[stack]! < end,
      });
    }
    this.#kept = kept;
  }
}

/** May a call take VMAs away, by more than merging? */
function mayUnmap(call: StraceCall): boolean {
  switch (call.name) {
    case 'munmap':
    case 'mremap':
    case 'shmdt':
    case 'exit_group':
      return call.errno === null;
    case 'mmap':
      return (call.args.flags & MAP_FIXED) !== 0 && call.errno === null;
    default:
      return false;
  }
}
