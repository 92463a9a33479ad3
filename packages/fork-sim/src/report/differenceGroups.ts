import type { VmFlags } from 'vma-core';
import type { MapRow } from './vmaRow.ts';

/** A VMA that is not the same on both sides. */
export interface MapDifference {
  /** Of the real map, or of the first kernel's; `null`: only on the other side. */
  readonly real: MapRow | null;
  /** Of the model's map, or of the second kernel's. */
  readonly model: MapRow | null;
  /** What differs where both have the range. */
  readonly fields: readonly ('perms' | 'pgoff' | 'flags')[];
}

/** Differences between two maps that are alike. */
export interface DifferenceGroup {
  /** `real`, `model`: VMAs of ranges that only this side has. `both`: the range is on both sides, and something else differs. */
  readonly on: 'real' | 'model' | 'both';
  /** What differs where both have the range. */
  readonly fields: MapDifference['fields'];
  /** Flags that only the real side has, and only the model's; those that both show. */
  readonly onlyReal: VmFlags;
  readonly onlyModel: VmFlags;
  readonly count: number;
  /** First byte of the first of them. */
  readonly at: number;
}

/** Collects differences by what differs, as they are found: all of them, however few are listed one by one. */
export class DifferenceGroups {
  readonly #groups = new Map<string, { group: Omit<DifferenceGroup, 'count'>; count: number }>();

  add({ real, model, fields }: MapDifference): void {
    const on = real === null ? 'model' : model === null ? 'real' : 'both';
    const at = (real ?? model)?.start ?? 0;
    const isFlags = real !== null && model !== null && fields.includes('flags');
    const shown = isFlags ? real.shownFlags & model.shownFlags : 0n;
    const onlyReal = (isFlags ? real.flags & ~model.flags & shown : 0n) as VmFlags;
    const onlyModel = (isFlags ? model.flags & ~real.flags & shown : 0n) as VmFlags;
    const key = `${on} ${fields.join()} ${onlyReal} ${onlyModel}`;
    const known = this.#groups.get(key);
    if (known !== undefined) known.count++;
    else this.#groups.set(key, { group: { on, fields, onlyReal, onlyModel, at }, count: 1 });
  }

  /** The groups, the largest first. */
  get all(): DifferenceGroup[] {
    return [...this.#groups.values()]
      .map(({ group, count }) => ({ ...group, count }))
      .sort((a, b) => b.count - a.count || a.at - b.at);
  }
}
