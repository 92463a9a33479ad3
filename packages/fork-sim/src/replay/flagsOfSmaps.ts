import type { SmapsEntry } from 'proc-io';
import {
  VM_ACCESS_FLAGS,
  VM_ACCOUNT,
  VM_DONTDUMP,
  VM_DONTEXPAND,
  VM_EXEC,
  VM_GROWSDOWN,
  VM_HUGETLB,
  VM_IO,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_NONE,
  VM_PFNMAP,
  VM_PKEY_MASK,
  VM_READ,
  VM_SHARED,
  VM_SOFTDIRTY,
  VM_WRITE,
  type VmFlags,
  vmFlags,
  withoutVmFlags,
} from 'vma-core';

/** Every flag: what a `VmFlags:` line shows. */
export const ALL_FLAGS: VmFlags = -1n as VmFlags;

/** What a `VmFlags:` line shows without a line `ProtectionKey:` beside it. */
const ALL_BUT_PKEY: VmFlags = withoutVmFlags(ALL_FLAGS, VM_PKEY_MASK);

/** The flags that permissions tell: `maps` shows no more. */
export const SHOWN_BY_PERMS: VmFlags = vmFlags(VM_ACCESS_FLAGS, VM_MAYSHARE);

/** The flags that the file shows of a mapping, set or not. Of the others {@link flagsOfSmaps} says what is usual. */
export function shownFlags({ vmFlags: shown, name, fields }: SmapsEntry): VmFlags {
  if (shown !== null) return fields.has('ProtectionKey') ? ALL_FLAGS : ALL_BUT_PKEY;
  return name === '[stack]' ? vmFlags(SHOWN_BY_PERMS, VM_GROWSDOWN) : SHOWN_BY_PERMS;
}

/** True where any of the mappings shows no flags: the file is a `maps`, or of a kernel before 3.8. */
export function lacksFlags(vmas: readonly SmapsEntry[]): boolean {
  return vmas.some((vma) => vma.vmFlags === null);
}

/**
 * The flags of a mapping: its `VmFlags:` line, or where there is none those that an ordinary mapping of its permissions and name has. See
 * {@link shownFlags} for which of them are known.
 */
export function flagsOfSmaps(vma: SmapsEntry): VmFlags {
  const { vmFlags: shown, name, perms } = vma;
  if (shown !== null) return shown;
  // Most of a large map has no name.
  if (name === '') return nameless.get(perms) ?? ordinaryFlags(vma);
  return OF_SPECIAL[name] ?? ordinaryFlags(vma);
}

/** Mappings that the kernel makes itself, by their names in `maps`: every smaps that was recorded shows these. */
const OF_SPECIAL: Readonly<Record<string, VmFlags>> = {
  '[vdso]': vmFlags(VM_READ, VM_EXEC, VM_MAYREAD, VM_MAYWRITE, VM_MAYEXEC, VM_DONTEXPAND),
  '[vvar]': vmFlags(VM_READ, VM_MAYREAD, VM_PFNMAP, VM_IO, VM_DONTEXPAND, VM_DONTDUMP),
  '[vvar_vclock]': vmFlags(VM_READ, VM_MAYREAD, VM_PFNMAP, VM_IO, VM_DONTEXPAND, VM_DONTDUMP),
};

/**
 * `mmap` gives these, and `execve` for the stack. Private writable memory counts against the commit limit; a shared mapping that is not
 * writable is mostly of a file that is open for reading alone. Kernel: `do_mmap()`, `mmap_region()`.
 */
function ordinaryFlags({ perms, name }: SmapsEntry): VmFlags {
  const isShared = perms.endsWith('s');
  const isHuge = /^\/anon_hugepage\b/.test(name);
  const key = `${perms} ${isHuge} ${name === '[stack]'}`;
  const known = ordinary.get(key);
  if (known !== undefined) return known;
  const access = [VM_READ, VM_WRITE, VM_EXEC].map((flag, at) => (perms[at] === '-' ? VM_NONE : flag));
  const isWritable = perms[1] === 'w';
  const may = isShared && !isWritable ? VM_NONE : VM_MAYWRITE;
  const shared = isShared ? vmFlags(VM_MAYSHARE, isWritable ? VM_SHARED : VM_NONE) : VM_NONE;
  const account = isWritable && !isShared && !isHuge ? VM_ACCOUNT : VM_NONE;
  const huge = isHuge ? vmFlags(VM_HUGETLB, VM_DONTEXPAND) : VM_NONE;
  const stack = name === '[stack]' ? VM_GROWSDOWN : VM_NONE;
  const flags = vmFlags(...access, VM_MAYREAD, may, VM_MAYEXEC, shared, account, huge, stack);
  ordinary.set(key, flags);
  if (name === '') nameless.set(perms, flags);
  return flags;
}

/** A map of a million VMAs has a few kinds. */
const ordinary = new Map<string, VmFlags>();
/** The same for what has no name, by permissions. */
const nameless = new Map<string, VmFlags>();

/** True where any mapping is soft-dirty: then the kernel was built with CONFIG_MEM_SOFT_DIRTY, since new ones always are. */
export function hasSoftDirty(vmas: readonly SmapsEntry[]): boolean {
  return vmas.some((vma) => (flagsOfSmaps(vma) & VM_SOFTDIRTY) !== 0n);
}
