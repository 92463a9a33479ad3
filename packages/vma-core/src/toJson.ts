import { InvariantError } from './errors.ts';
import { findVmFlag, parseVmFlags, type VmFlags, vmFlagBit, vmFlagNames, vmFlags } from './vmFlags.ts';

/** What {@link toJson} makes of a value: flags become lists of names, all else stays. */
export type JsonForm<T> = T extends bigint
  ? string[]
  : T extends number
    ? number
    : T extends object
      ? { [key in keyof T]: JsonForm<T[key]> }
      : T;

/**
 * A copy that `JSON.stringify` takes, of a VMA, a list of them, an observer's event, a refusal, a profile: every set of flags, a `bigint`,
 * is the list of its names. {@link vmFlagsOfNames} reads such a list.
 *
 * @example
 * JSON.stringify(toJson({ vmFlags: vmFlags(VM_READ, VM_WRITE) })); // '{"vmFlags":["VM_READ","VM_WRITE"]}'
 */
export function toJson<T>(value: T): JsonForm<T> {
  return plain(value) as JsonForm<T>;
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return vmFlagNames(value as VmFlags);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/**
 * The flags of a list of names, as {@link toJson} and `vmFlagNames` give them: `VM_READ`, `bit 47`, two letters that no kernel here knows.
 * @throws InvariantError for any other name
 *
 * @example
 * formatVmFlags(vmFlagsOfNames(['VM_READ', 'VM_WRITE'])); // 'rd wr'
 */
export function vmFlagsOfNames(names: readonly string[]): VmFlags {
  return vmFlags(...names.map(flagOfName));
}

function flagOfName(name: string): bigint {
  const bit = findVmFlag(name)?.bit ?? /^bit (\d+)$/.exec(name)?.[1];
  if (bit !== undefined && Number(bit) < 64) return vmFlagBit(Number(bit));
  if (/^[a-z?]{2}$/.test(name)) return parseVmFlags(name);
  throw new InvariantError(`no flag is called ${JSON.stringify(name)}`);
}
