import type { SmapsEntry } from 'proc-io';
import { formatVmFlags, permissions, type Vma, type VmFlags } from 'vma-core';
import type { Process } from '../process/process.ts';
import { flagsOfSmaps, isGateVma } from '../replay/flagsOfSmaps.ts';

/** A VMA as both sides can tell it: what `/proc/PID/smaps` shows. */
export interface MapRow {
  /** Bytes. */
  readonly start: number;
  readonly end: number;
  readonly perms: string;
  /** Pages; 0 for anonymous memory, whose offset the kernel hides. */
  readonly pgoff: number;
  readonly vmFlags: VmFlags;
  /** The two-letter words, in order. */
  readonly flags: string;
  /** Name of the mapping; empty where there is none, or where the model does not know it. */
  readonly name: string;
}

/** A VMA that is not the same on both sides. */
export interface MapDifference {
  /** `null`: only in the model. */
  readonly real: MapRow | null;
  /** `null`: only in the real map. */
  readonly model: MapRow | null;
  /** What differs where both have the range. */
  readonly fields: readonly ('perms' | 'pgoff' | 'flags')[];
}

/** A real map compared with the model's. */
export interface MapComparison {
  /** VMAs of the real map; `[vsyscall]`, which no address space holds, is left out. */
  readonly real: number;
  readonly model: number;
  /** VMAs equal in range, permissions, offset and every flag. */
  readonly equal: number;
  readonly differences: readonly MapDifference[];
}

/** The VMAs of a smaps, as {@link MapRow}. */
export function rowsOfSmaps(vmas: readonly SmapsEntry[]): MapRow[] {
  return vmas
    .filter((vma) => !isGateVma(vma))
    .map((vma) => ({
      start: vma.start,
      end: vma.end,
      perms: vma.perms,
      pgoff: vma.pgoff,
      vmFlags: flagsOfSmaps(vma),
      flags: vma.vmFlags === null ? formatVmFlags(flagsOfSmaps(vma)) : vma.flagWords.join(' '),
      name: vma.name,
    }));
}

/** The VMAs of a process, as {@link MapRow}. */
export function rowsOfProcess(process: Process, nameOf: (vma: Vma) => string): MapRow[] {
  return process.mm.vmas().map((vma) => rowOfVma(vma, nameOf(vma)));
}

/** One VMA of the model as smaps would show it. */
export function rowOfVma(vma: Vma, name: string): MapRow {
  return {
    start: vma.vmStart,
    end: vma.vmEnd,
    perms: permissions(vma.vmFlags),
    // The offset of anonymous memory is hidden by the kernel, and 0 in what it prints.
    pgoff: vma.vmFile === null ? 0 : vma.vmPgoff,
    vmFlags: vma.vmFlags,
    flags: formatVmFlags(vma.vmFlags),
    name,
  };
}

/** Compares two maps, range by range: permissions, offsets and every flag have to be the same. Names are not compared. */
export function compareMaps(real: readonly MapRow[], model: readonly MapRow[]): MapComparison {
  const differences: MapDifference[] = [];
  let equal = 0;
  let a = 0;
  let b = 0;
  while (a < real.length || b < model.length) {
    const one = real[a] ?? null;
    const other = model[b] ?? null;
    if (one !== null && other !== null && one.start === other.start && one.end === other.end) {
      const fields = differingFields(one, other);
      if (fields.length === 0) equal++;
      else differences.push({ real: one, model: other, fields });
      a++;
      b++;
    } else if (other === null || (one !== null && comesFirst(one, other))) {
      differences.push({ real: one, model: null, fields: [] });
      a++;
    } else {
      differences.push({ real: null, model: other, fields: [] });
      b++;
    }
  }
  return { real: real.length, model: model.length, equal, differences };
}

function comesFirst(one: MapRow, other: MapRow): boolean {
  return one.start < other.start || (one.start === other.start && one.end < other.end);
}

function differingFields(real: MapRow, model: MapRow): ('perms' | 'pgoff' | 'flags')[] {
  const fields: ('perms' | 'pgoff' | 'flags')[] = [];
  if (real.perms !== model.perms) fields.push('perms');
  if (real.pgoff !== model.pgoff) fields.push('pgoff');
  if (real.flags !== model.flags) fields.push('flags');
  return fields;
}
