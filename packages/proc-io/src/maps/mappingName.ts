/** What the name column of `maps` says. */
export type MappingName =
  /** No name: anonymous memory. */
  | { readonly kind: 'anonymous' }
  /** A file, or an object with a path, such as `/memfd:x`, `/dev/zero`, `/SYSV00000000`. */
  | { readonly kind: 'file'; readonly path: string; readonly deleted: boolean }
  /** `[anon:x]`, a name given with PR_SET_VMA_ANON_NAME; `shared` for `[anon_shmem:x]`. */
  | { readonly kind: 'named'; readonly name: string; readonly shared: boolean }
  /** `[heap]`, `[stack]`, `[vdso]`, `[vvar]`, `[vsyscall]`, ...: `name` is without brackets. */
  | { readonly kind: 'special'; readonly name: string }
  /** `socket:[7]`, `anon_inode:[perf_event]` and all others. */
  | { readonly kind: 'object'; readonly name: string };

const DELETED = ' (deleted)';

/** Takes a name apart. The kernel escapes only newlines (`\012`), so a backslash in a file name stays as it is. */
export function describeMappingName(name: string): MappingName {
  if (name === '') return { kind: 'anonymous' };
  const named = /^\[anon(_shmem)?:(.*)\]$/s.exec(name);
  if (named !== null) return { kind: 'named', name: named[2]!, shared: named[1] !== undefined };
  const special = /^\[([^\]]*)\]$/.exec(name);
  if (special !== null) return { kind: 'special', name: special[1]! };
  if (!name.startsWith('/')) return { kind: 'object', name };
  const deleted = name.endsWith(DELETED);
  const path = deleted ? name.slice(0, -DELETED.length) : name;
  return { kind: 'file', path: path.replaceAll('\\012', '\n'), deleted };
}
