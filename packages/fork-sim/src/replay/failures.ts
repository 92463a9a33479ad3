import type { StraceCall } from 'proc-io';
import { MAP_32BIT, MREMAP_MAYMOVE } from 'vma-core';

/**
 * Why a call failed in the log.
 *
 * - `limit`: the process was at `max_map_count`, and the call needs a VMA more.
 * - `maybeLimit`: the call needs a VMA more, and how many there were before the log is not known.
 * - `memlock`: more would have been locked than RLIMIT_MEMLOCK allows, as the log shows it.
 * - `outside`: a reason outside of the model, such as overcommit, RLIMIT_AS, a cgroup, privileges, a device.
 * - `noHole`: the address space has no free range of that size where the call may map; `noLowHole`: where MAP_32BIT maps.
 * - `noRoom`: it may not move the mapping, and above it something is mapped.
 * - `notMapped`: a part of the range is not mapped.
 * - `taken`: MAP_FIXED_NOREPLACE on a range where something is mapped.
 * - `arguments`: its arguments, or the descriptor, are refused with anything mapped.
 * - `access`: the file was not opened for it, or the memory is sealed.
 * - `unknownMemory`: it depends on what was mapped before the log begins.
 * - `differs`: the model gives another result; it does not know why the call failed.
 */
export type FailureReason =
  | 'limit'
  | 'maybeLimit'
  | 'memlock'
  | 'outside'
  | 'noHole'
  | 'noLowHole'
  | 'noRoom'
  | 'notMapped'
  | 'taken'
  | 'arguments'
  | 'access'
  | 'unknownMemory'
  | 'differs';

/** Calls of one name that failed with one errno for one reason. */
export interface FailureGroup {
  readonly name: string;
  /** `refused`: a program break that stayed where it was. */
  readonly errno: string;
  readonly reason: FailureReason;
  /** Of {@link FailureReason} `outside` and `memlock`, in words; of the others empty. */
  readonly why: string;
  count: number;
  readonly first: StraceCall;
  /** VMAs when the first was called. */
  readonly vmas: number;
  /** Lines of the first ones. */
  readonly lines: number[];
}

/** What the model answered to a call that failed in the log. */
export interface FailureSeen {
  readonly limited: boolean;
  readonly unknownMemory: boolean;
  readonly alike: boolean;
  /** How RLIMIT_MEMLOCK alone refuses it; `null`: it does not. */
  readonly memlock: string | null;
  /** The reason outside of the model; `null`: none was found. */
  readonly outside: string | null;
  /** That reason may be the limit, as how many VMAs there were is not known. */
  readonly maybeLimit: boolean;
}

/** Lines of a group that are kept, and groups. */
const MAX_LINES = 5;
const MAX_GROUPS = 200;

/** The failing calls of an address space, those alike together. */
export class Failures {
  readonly #groups = new Map<string, FailureGroup>();

  /** In the order in which they first came. */
  get groups(): readonly FailureGroup[] {
    return [...this.#groups.values()];
  }

  /** @param vmas VMAs when it was called */
  add(call: StraceCall, seen: FailureSeen, vmas: number): void {
    const errno = call.errno ?? 'refused';
    const reason = reasonOf(errno, call, seen);
    const why = (reason === 'outside' ? seen.outside : reason === 'memlock' ? seen.memlock : null) ?? '';
    const name = call.name === 'unmodelled' ? call.args.syscall : call.name;
    const key = `${name} ${errno} ${reason} ${why === '' ? '' : why.replace(/\d+/g, '')}`;
    const known = this.#groups.get(key);
    if (known !== undefined) {
      known.count++;
      if (known.lines.length < MAX_LINES) known.lines.push(call.line);
    } else if (this.#groups.size < MAX_GROUPS) {
      this.#groups.set(key, { name, errno, reason, why, count: 1, first: call, vmas, lines: [call.line] });
    }
  }
}

/** Did a call fail in the log? A program break tells by staying where it was. */
export function failedInLog(call: StraceCall): boolean {
  if (call.name === 'brk') return call.args.addr !== 0 && call.ret !== null && call.ret < call.args.addr;
  return call.errno !== null && call.ret !== null;
}

function reasonOf(errno: string, call: StraceCall, seen: FailureSeen): FailureReason {
  if (seen.limited) return 'limit';
  if (seen.maybeLimit) return 'maybeLimit';
  if (seen.memlock !== null) return 'memlock';
  if (seen.outside !== null) return 'outside';
  if (seen.unknownMemory) return 'unknownMemory';
  return seen.alike ? reasonOfErrno(errno, call) : 'differs';
}

/** A call that the model refuses with the same errno, and not for the limit. */
function reasonOfErrno(errno: string, call: StraceCall): FailureReason {
  switch (errno) {
    case 'ENOMEM':
      return holeReason(call);
    case 'refused':
      return 'noHole';
    case 'EFAULT':
      return 'notMapped';
    case 'EEXIST':
      return 'taken';
    case 'EACCES':
    case 'EPERM':
      return 'access';
    default:
      return 'arguments';
  }
}

/** ENOMEM: no hole for what is mapped or moved, or a hole in the range that is changed. */
function holeReason(call: StraceCall): FailureReason {
  switch (call.name) {
    case 'mmap':
      return (call.args.flags & MAP_32BIT) === 0 ? 'noHole' : 'noLowHole';
    case 'mmap2':
    case 'old_mmap':
      return 'noHole';
    case 'mremap':
      return (call.args.flags & MREMAP_MAYMOVE) === 0 ? 'noRoom' : 'noHole';
    default:
      return 'notMapped';
  }
}
