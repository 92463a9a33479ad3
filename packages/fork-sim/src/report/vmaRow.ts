import type { SmapsEntry } from 'proc-io';
import {
  type ForkAction,
  type NeedsCopyReason,
  NO_VMA,
  PAGE_SIZE,
  permissions,
  VM_ACCESS_FLAGS,
  VM_NONE,
  type Vma,
  type VmFlags,
} from 'vma-core';
import type { Process } from '../process/process.ts';
import { ALL_FLAGS } from '../replay/flagsOfSmaps.ts';
import { type MapGeometry, X86_64 } from '../replay/mapGeometry.ts';
import type { LogFiles } from '../replay/openFiles.ts';
import type { ReplaySpace } from '../replay/replaySpace.ts';
import { type BackingKind, backingOf } from './backingOf.ts';
import { type ForkPreviewVma, forkPreview } from './forkPreview.ts';
import { type GuardRegion, guardRegions } from './guardRegions.ts';
import { type PairRow, pairAsker } from './pairRow.ts';
import { tablesFor } from './tablesFor.ts';
import { nameOfVma } from './vmaNames.ts';

/** One VMA, with all that the rules say of it. Plain data: the command line prints it, a worker sends it, the site draws it. */
export interface VmaRow {
  /** Bytes; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  /** Four letters, as maps prints them. */
  readonly perms: string;
  /** Pages; 0 for anonymous memory, whose offset the kernel hides. */
  readonly pgoff: number;
  readonly flags: VmFlags;
  /** Those of {@link flags} that are sticky on this kernel. */
  readonly sticky: VmFlags;
  /** Which flags are known, set or not; of the others {@link flags} says what an ordinary mapping has: `maps` shows none but these. */
  readonly shownFlags: VmFlags;
  readonly backing: BackingKind;
  /** Name of the mapping; empty where there is none, or where the model does not know it. */
  readonly name: string;
  readonly anonVma: number | null;
  /** Its anon_vma is assumed, not proven by a call. */
  readonly assumed: boolean;
  /** Guard markers in it. */
  readonly guardPages: number;
  /** Bytes a page, on the machine that the map is of. */
  readonly pageSize: number;
  /** Resident pages, and pages of its own, as smaps says; `null` where it does not tell. */
  readonly resident: number | null;
  readonly anonymousPages: number | null;
  readonly fork: ForkRow;
  readonly above: AboveRow;
}

/** The part of a row that a map of a real process tells too. */
export type MapRow = Pick<VmaRow, 'start' | 'end' | 'perms' | 'pgoff' | 'flags' | 'shownFlags' | 'name'>;

/** What a fork would do with a VMA. */
export interface ForkRow {
  readonly action: ForkAction;
  /** The rule of `vma_needs_copy()`; `null` where it is not asked. */
  readonly rule: NeedsCopyReason['rule'] | null;
  /** The flags that the rule found. */
  readonly flags: VmFlags;
  /** Entries that the child would get: those that a log proves. */
  readonly ptes: number;
  /** Page tables for the whole VMA, were every page of it mapped; kB. 0 for a reserve; `null`: the machine's page tables are not known. */
  readonly kBAtMost: number | null;
  /** It is a reserve: memory that nothing may access and nothing was written to, so that no page can be faulted in. */
  readonly reserve: boolean;
}

/** It would be left to refault, were there anything to fault in. */
export function isLeftReserve({ fork }: Pick<VmaRow, 'fork'>): boolean {
  return fork.reserve && fork.action === 'refault';
}

/** The pair that a VMA makes with the one above it, or what is there instead. */
export type AboveRow = { readonly kind: 'top' } | { readonly kind: 'hole'; readonly pages: number } | PairRow;

/** What a log or a smaps tells of a process besides the process itself. */
export interface ReplayContext {
  readonly space: ReplaySpace;
  readonly files: LogFiles;
  /** All that is known is a smaps: which VMAs share an anon_vma is not. */
  readonly isSmaps: boolean;
}

/** Which VMAs to describe. */
export interface VmaRowsInput {
  /** First address; default 0. */
  readonly from?: number;
  /** VMAs at most; default: all. */
  readonly max?: number;
  /** What a real smaps says of the same VMAs. */
  readonly smaps?: readonly SmapsEntry[];
}

/** The VMAs of a process, with what the rules say of each. */
export function vmaRows(process: Process, context: ReplayContext | null, input: VmaRowsInput = {}): VmaRow[] {
  const { from = 0, max = Number.POSITIVE_INFINITY, smaps = [] } = input;
  const { mm } = process;
  const vmas: Vma[] = [];
  let ref = mm.index.find(from);
  for (; ref !== NO_VMA && vmas.length < max; ref = mm.index.next(ref)) vmas.push(mm.view(ref));
  const beyond = ref === NO_VMA ? null : mm.view(ref);
  const decisions = forkPreview(process, vmas).vmas;
  const ask = pairAsker(process, context?.isSmaps ?? false);
  const guards = guardRegions(process, vmas[0]?.vmStart ?? 0, vmas.at(-1)?.vmEnd ?? 0);
  const entries = new Map(smaps.map((entry) => [entry.start as number, entry] as const));
  const known = context?.space.shownFlags ?? ALL_FLAGS;
  const geometry = context?.space.knownGeometry ?? X86_64;
  const { pageSize } = geometry;
  let guard = 0;
  return vmas.map((vma, at) => {
    let guardPages = 0;
    for (; guard < guards.length && guards[guard]!.start < vma.vmEnd; guard++) guardPages += pagesOf(guards[guard]!);
    const entry = entries.get(vma.vmStart);
    const real = entry?.end === vma.vmEnd ? entry : undefined;
    // Field by field: a map may have 65,530 VMAs, and `...mapRow()` takes as long as all the rest.
    const { start, end, perms, pgoff, flags, name } = mapRow(vma, nameOf(vma, context));
    return {
      start,
      end,
      perms,
      pgoff,
      flags,
      name,
      shownFlags: known,
      sticky: (vma.vmFlags & process.world.profile.sticky) as VmFlags,
      backing: backingOf(vma),
      anonVma: vma.anonVma,
      assumed: context?.space.isAssumed(vma) ?? false,
      guardPages,
      pageSize,
      resident: pagesOfField(real, 'Rss', pageSize),
      anonymousPages: pagesOfField(real, 'Anonymous', pageSize),
      fork: forkRow(decisions[at]!, geometry),
      above: asShown(aboveRow(vma, vmas[at + 1] ?? beyond, ask), known),
    };
  });
}

/** One VMA of the model as smaps would show it. */
export function mapRow(vma: Vma, name: string): MapRow {
  return {
    start: vma.vmStart,
    end: vma.vmEnd,
    perms: permissions(vma.vmFlags),
    pgoff: vma.vmFile === null ? 0 : vma.vmPgoff,
    flags: vma.vmFlags,
    shownFlags: ALL_FLAGS,
    name,
  };
}

/** The name that maps would show, as far as it is known. */
function nameOf(vma: Vma, context: ReplayContext | null): string {
  return context === null ? '' : nameOfVma(context.files, context.space, vma);
}

/** Pages of a run of guard markers. */
export function pagesOf({ start, end }: GuardRegion): number {
  return (end - start) / PAGE_SIZE;
}

function pagesOfField(entry: SmapsEntry | undefined, field: string, pageSize: number): number | null {
  const kB = entry?.fields.get(field);
  return kB === undefined ? null : (kB * 1024) / pageSize;
}

function forkRow({ action, reason, vma, ptes }: ForkPreviewVma, geometry: MapGeometry): ForkRow {
  const flags = reason?.flags ?? VM_NONE;
  const reserve = isReserve(vma, ptes);
  const kBAtMost = reserve ? 0 : tablesFor([{ start: vma.vmStart, end: vma.vmEnd }], geometry).kB;
  return { action, rule: reason?.rule ?? null, flags, ptes, kBAtMost, reserve };
}

/** Memory without access is a reserve: a fault there is SIGSEGV. Pages are there only if it was accessible once, and then written. */
export function isReserve({ vmFlags, anonVma }: Vma, ptes: number): boolean {
  return (vmFlags & VM_ACCESS_FLAGS) === VM_NONE && anonVma === null && ptes === 0;
}

function aboveRow(vma: Vma, above: Vma | null, ask: (below: Vma, above: Vma) => PairRow): AboveRow {
  if (above === null) return { kind: 'top' };
  if (above.vmStart > vma.vmEnd) return { kind: 'hole', pages: (above.vmStart - vma.vmEnd) / PAGE_SIZE };
  return ask(vma, above);
}

/** Two VMAs that differ by flags, of which only those are told that are known. */
function asShown(above: AboveRow, shownFlags: VmFlags): AboveRow {
  if (above.kind !== 'wall' || above.refusal.rule !== 'vmFlags') return above;
  const diff = (above.refusal.diff & shownFlags) as VmFlags;
  return diff === VM_NONE ? above : { ...above, refusal: { ...above.refusal, diff } };
}
