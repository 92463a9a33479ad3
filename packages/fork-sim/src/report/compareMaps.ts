import type { SmapsEntry } from 'proc-io';
import { VM_MAYREAD } from 'vma-core';
import { flagsOfSmaps, shownFlags } from '../replay/flagsOfSmaps.ts';
import { isGateVma } from '../replay/mapGeometry.ts';
import { type DifferenceGroup, DifferenceGroups, type MapDifference } from './differenceGroups.ts';
import type { MapRow } from './vmaRow.ts';

/** A real map compared with the model's, or the maps of two kernels. */
export interface MapComparison {
  /** VMAs of the real map; `[vsyscall]`, which no address space holds, is left out. */
  readonly real: number;
  readonly model: number;
  /** VMAs equal in range, permissions, offset and every flag that is shown. */
  readonly equal: number;
  /** VMAs of which one side shows no flags, but those that permissions tell: a `maps` shows none. */
  readonly flagsUnknown: number;
  /** How many differ; {@link differences} may list fewer. */
  readonly differing: number;
  readonly differences: readonly MapDifference[];
  /** All that differ, by what differs: the largest group first. */
  readonly groups: readonly DifferenceGroup[];
}

/** The VMAs of a smaps. */
export function rowsOfSmaps(vmas: readonly SmapsEntry[]): MapRow[] {
  return vmas
    .filter((vma) => !isGateVma(vma))
    .map((vma) => {
      const { start, end, perms, pgoff, name } = vma;
      return { start, end, perms, pgoff, flags: flagsOfSmaps(vma), shownFlags: shownFlags(vma), name };
    });
}

/**
 * Compares two maps, range by range: permissions, offsets and every flag have to be the same. Names are not compared.
 *
 * @param most differences that are listed
 */
export function compareMaps(
  real: readonly MapRow[],
  model: readonly MapRow[],
  most: number = Number.POSITIVE_INFINITY,
): MapComparison {
  const differences: MapDifference[] = [];
  let differing = 0;
  let equal = 0;
  let flagsUnknown = 0;
  const groups = new DifferenceGroups();
  const differ = (difference: MapDifference): void => {
    groups.add(difference);
    if (differing++ < most) differences.push(difference);
  };
  let a = 0;
  let b = 0;
  while (a < real.length || b < model.length) {
    const one = real[a] ?? null;
    const other = model[b] ?? null;
    if (one !== null && other !== null && one.start === other.start && one.end === other.end) {
      const fields = differingFields(one, other);
      if ((one.shownFlags & other.shownFlags & VM_MAYREAD) === 0n) flagsUnknown++;
      if (fields.length === 0) equal++;
      else differ({ real: one, model: other, fields });
      a++;
      b++;
    } else if (other === null || (one !== null && comesFirst(one, other))) {
      differ({ real: one, model: null, fields: [] });
      a++;
    } else {
      differ({ real: null, model: other, fields: [] });
      b++;
    }
  }
  return { real: real.length, model: model.length, equal, flagsUnknown, differing, differences, groups: groups.all };
}

function comesFirst(one: MapRow, other: MapRow): boolean {
  return one.start < other.start || (one.start === other.start && one.end < other.end);
}

function differingFields(real: MapRow, model: MapRow): MapDifference['fields'] {
  const fields = ['perms', 'pgoff', 'flags'] as const;
  return fields.filter((field) => (field === 'flags' ? flagsDiffer(real, model) : real[field] !== model[field]));
}

/** Flags can be compared that both sides show. */
function flagsDiffer(real: MapRow, model: MapRow): boolean {
  return ((real.flags ^ model.flags) & real.shownFlags & model.shownFlags) !== 0n;
}
