import { DIAGRAM_FLAGS } from '../../src/diagram/index.ts';
import { VM_MAYBE_GUARD, VM_SOFTDIRTY, type VmFlags, vmFlags } from '../../src/index.ts';

/**
 * What a flag is to merging, said here again and apart from the profiles' data:
 * `compared`: VMAs that differ by it do not merge. `ignored`: they do, and the target keeps its own. `sticky`: they do, and the
 * result has it if any that took part had it.
 */
export type FlagRole = 'compared' | 'ignored' | 'sticky';

/** The two flags that are sticky anywhere, and what each is to the seven profiles. */
const FLAG_ROLES: Readonly<Record<string, { readonly gu: FlagRole; readonly sd: FlagRole }>> = {
  '6.12': { gu: 'compared', sd: 'ignored' },
  '6.16': { gu: 'compared', sd: 'ignored' },
  '6.18': { gu: 'compared', sd: 'ignored' },
  'guard-flag': { gu: 'compared', sd: 'ignored' },
  'as-posted': { gu: 'sticky', sd: 'ignored' },
  '6.19': { gu: 'sticky', sd: 'sticky' },
  '7.3': { gu: 'sticky', sd: 'sticky' },
};

/** Both flags by their letters. */
const FLAGS: Readonly<Record<'gu' | 'sd', VmFlags>> = { gu: VM_MAYBE_GUARD, sd: VM_SOFTDIRTY };

/** One profile and one flag in it: fourteen rows. */
export interface RoleRow {
  readonly profile: string;
  readonly flag: 'gu' | 'sd';
  readonly role: FlagRole;
}

export const ROLE_ROWS: readonly RoleRow[] = Object.entries(FLAG_ROLES).flatMap(([profile, roles]) =>
  (['gu', 'sd'] as const).map((flag) => ({ profile, flag, role: roles[flag] })),
);

/** Plain private memory, with the flag or without. */
export function withFlag(flag: 'gu' | 'sd', on: boolean): VmFlags {
  return on ? vmFlags(DIAGRAM_FLAGS, FLAGS[flag]) : DIAGRAM_FLAGS;
}

/** Every combination of `names`, each on or off. */
export function permutations<const N extends string>(...names: readonly N[]): Record<N, boolean>[] {
  return Array.from({ length: 2 ** names.length }, (_, bits) => {
    const entries = names.map((name, i) => [name, ((bits >> i) & 1) === 1] as const);
    return Object.fromEntries(entries) as Record<N, boolean>;
  });
}
