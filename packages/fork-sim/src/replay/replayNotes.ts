import type { StraceCall } from 'proc-io';
import {
  type ForkAction,
  type MergeRefusal,
  type MergeRule,
  type MmEvent,
  VM_NONE,
  type Vma,
  type VmFlags,
} from 'vma-core';
import { Failures } from './failures.ts';

/** Most examples that are kept of anything; the rest is counted. */
export const MAX_EXAMPLES = 20;

/** A count, and the first few of what was counted. */
export interface Counted<T> {
  count: number;
  readonly examples: T[];
}

/** Nothing counted yet. */
export function counted<T>(): Counted<T> {
  return { count: 0, examples: [] };
}

/** Counts one more; keeps it if there are not too many yet. */
export function count<T>(into: Counted<T>, one: () => T, most: number = MAX_EXAMPLES): void {
  into.count++;
  if (into.examples.length < most) into.examples.push(one());
}

/** A call whose result is another in the model, or a mapping that the model would have put elsewhere or not made. */
export interface WrongResult {
  readonly call: StraceCall;
  /** Result in the log: an errno, an address, 0. */
  readonly log: string | number;
  readonly model: string | number;
}

/**
 * A call that failed in the log and not in the model, for a reason outside of what the model holds: memory, limits, privileges, devices. It
 * is no wrong answer, and nobody can check it.
 */
export interface OutsideResult extends WrongResult {
  /** The reason that its errno gives, in words. */
  readonly why: string;
}

/** A call that was not replayed as it is, and why. */
export interface NotModelled {
  readonly name: string;
  readonly why: string;
  count: number;
  /** Lines of the first ones. */
  readonly lines: number[];
}

/** A neighbour that touched a range and did not merge with it. */
export interface RefusalExample {
  readonly call: StraceCall;
  /** Which merge was tried. */
  readonly of: 'new' | 'existing' | 'copied';
  readonly side: 'prev' | 'next';
  readonly neighbour: Vma;
  readonly refusal: MergeRefusal;
}

/** Refusals by one rule, and where flags differ by the same flags. */
export interface RefusalGroup extends Counted<RefusalExample> {
  readonly rule: MergeRule;
  /** The flags that differ, where it is flags. */
  readonly flags: VmFlags;
}

/** A fork in the log, with the number of VMAs by what became of them. */
export interface ForkNote extends Readonly<Record<ForkAction, number>> {
  readonly call: StraceCall;
  readonly child: number;
}

/** Two calls that overlap, whose order changes the address space, and whose results would be the same the other way round. */
export interface OpenOrder {
  /** The one that was taken to come first. */
  readonly call: StraceCall;
  readonly other: StraceCall;
}

/** A call that the limit on the number of VMAs made fail, in the model. */
export interface LimitFailure {
  readonly call: StraceCall;
  readonly errno: string;
  /** VMAs when it was called. */
  readonly vmas: number;
  /** The limit. */
  readonly maxMapCount: number;
}

/** What was noticed while one address space was replayed. */
export class ReplayNotes {
  /** What the process is, where its address space is not the one that is modelled; `null`: nothing shows that. */
  machine: string | null = null;
  /** Calls that were performed. */
  calls = 0;
  /** Calls that failed in the log, and as the log says in the model. */
  failedAlike = 0;
  /** Mappings without a fixed address whose place was compared, and those that came out right. */
  placesChecked = 0;
  readonly wrongPlaces: Counted<WrongResult> = counted();
  readonly wrongResults: Counted<WrongResult> = counted();
  /** Calls that were refused for a reason outside of the model; not among {@link wrongResults}. */
  readonly outsideResults: Counted<OutsideResult> = counted();
  /** Calls that came out otherwise in a process of threads whose order the log does not show; not among the wrong ones. */
  readonly unordered: Counted<WrongResult> = counted();
  /** Calls that came out otherwise behind a line that could not be read and names a call about memory; not among the wrong ones. */
  readonly afterUnread: Counted<WrongResult> = counted();
  /** That line; 0: there was none. */
  unreadFrom = 0;
  /** The log does not show in which order the threads of this process made their calls. */
  orderUnknown = false;
  /** Calls on memory that was mapped before the log begins. */
  readonly unknownMemory: Counted<StraceCall> = counted();
  /** What was wrong with the call that is being replayed, the last thing; `null`: nothing. */
  mismatch: WrongResult | null = null;
  /** Why the call that is being replayed was refused for a reason outside of the model; `null`: it was not. */
  outside: OutsideResult | null = null;
  /** How RLIMIT_MEMLOCK alone refuses the call that is being replayed; `null`: it does not. */
  memlock: string | null = null;
  /** The limit that the call fails for which is being replayed; `null`: for none. */
  limit: LimitFailure | null = null;
  readonly notModelled: Map<string, NotModelled> = new Map();
  /** Calls that failed in the log, each with its reason. */
  readonly failures: Failures = new Failures();
  /** In the order in which they first came. */
  readonly refusals: RefusalGroup[] = [];
  readonly forks: Counted<ForkNote> = counted();
  readonly limitFailures: Counted<LimitFailure> = counted();
  /** Mappings without a fixed address that landed on what is mapped in the model. */
  readonly taken: Counted<StraceCall> = counted();
  readonly openOrders: Counted<OpenOrder> = counted();
  /** The first of calls that overlap, whose results no order explains. */
  readonly noOrder: Counted<StraceCall> = counted();
  /** The first call that succeeded in the log and that the limit on the number of VMAs makes fail; `null`: none. */
  overLimit: LimitFailure | null = null;
  /** What was assumed on the way, in sentences. */
  readonly assumptions: Set<string> = new Set();
  /** Highest number of VMAs after a call, and that call; `null`: never more than at the start. */
  peak: { vmas: number; call: StraceCall | null } = { vmas: 0, call: null };

  /** The process turns out to be of another machine than the model's: from now on nothing that depends on that is judged. */
  seesMachine(machine: string | null): void {
    if (machine === null || this.machine !== null) return;
    this.machine = machine;
    this.assumptions.add(
      `The log is of ${machine}: its addresses, its refused calls and its page tables are not computed.`,
    );
  }

  /** Something is not modelled, or came out differently. */
  get isTroubled(): boolean {
    return this.notModelled.size > 0 || this.wrongPlaces.count > 0 || this.wrongResults.count > 0;
  }

  /** A call whose result is another in the model. */
  wrongResult(wrong: WrongResult): void {
    if (this.machine !== null) {
      this.differs(wrong, `the log is of ${this.machine}`);
      return;
    }
    if (this.orderUnknown) {
      count(this.unordered, () => wrong);
      return;
    }
    if (this.#isAfterUnread(wrong.call)) {
      count(this.afterUnread, () => wrong);
      return;
    }
    this.mismatch = wrong;
    count(this.wrongResults, () => wrong);
  }

  /** A call whose result is another in the model: outside of the model where there is a reason for that, else wrong. */
  differs(result: WrongResult, why: string | null): void {
    if (why === null) {
      this.wrongResult(result);
      return;
    }
    const outside = { ...result, why };
    this.outside = outside;
    count(this.outsideResults, () => outside);
  }

  /** A mapping that the model would have put elsewhere. */
  wrongPlace(wrong: WrongResult): void {
    if (this.machine !== null) return;
    if (this.orderUnknown) {
      this.placesChecked--;
      count(this.unordered, () => wrong);
      return;
    }
    if (this.#isAfterUnread(wrong.call)) {
      this.placesChecked--;
      count(this.afterUnread, () => wrong);
      return;
    }
    this.mismatch = wrong;
    count(this.wrongPlaces, () => wrong);
  }

  /** What the line did that could not be read is not known, so what comes behind it cannot be judged. */
  #isAfterUnread({ line }: StraceCall): boolean {
    return this.unreadFrom > 0 && line > this.unreadFrom;
  }

  /** A call that the limit on the number of VMAs made fail. */
  limited(call: StraceCall, errno: string, vmas: number, maxMapCount: number): void {
    const failure = { call, errno, vmas, maxMapCount };
    this.limit = failure;
    count(this.limitFailures, () => failure);
    const succeeded = call.errno === null && (call.name !== 'brk' || call.ret === call.args.addr);
    if (succeeded) this.overLimit ??= failure;
  }

  missing(name: string, why: string, line: number): void {
    const key = `${name}: ${why}`;
    const known = this.notModelled.get(key) ?? { name, why, count: 0, lines: [] };
    known.count++;
    if (known.lines.length < 5) known.lines.push(line);
    this.notModelled.set(key, known);
  }

  refused(call: StraceCall, event: MmEvent & { kind: 'refused' }): void {
    const { of, side, neighbour, refusal } = event;
    const { rule } = refusal;
    const flags = refusedFlags(refusal);
    let group = this.refusals.find((one) => one.rule === rule && one.flags === flags);
    if (group === undefined) {
      group = { rule, flags, ...counted<RefusalExample>() };
      this.refusals.push(group);
    }
    count(group, () => ({ call, of, side, neighbour, refusal }));
  }
}

/** What is the same for the refusals of one group: the flags that differ, where it is flags. */
export function refusedFlags(refusal: MergeRefusal): VmFlags {
  return refusal.rule === 'vmFlags' ? refusal.diff : refusal.rule === 'special' ? refusal.flags : VM_NONE;
}
