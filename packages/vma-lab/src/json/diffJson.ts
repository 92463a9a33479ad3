import type { ChangeGroup, DiffVma, MapChange, MapDiff } from 'fork-sim';
import { changeText, flagWords } from 'fork-sim/words';
import { formatVmFlags } from 'vma-core';
import { hexAddress } from './texts.ts';

/** What `vma-lab diff` found. */
export interface DiffAnswer {
  readonly files: { readonly from: string; readonly to: string };
  readonly diff: MapDiff;
}

/** What `vma-lab diff --json` prints. */
export type DiffJson = ReturnType<typeof diffJson>;

/** The report as `--json` prints it. A field may be added without a new version. */
export function diffJson({ files, diff }: DiffAnswer) {
  const { vmas, same, groups, changes } = diff;
  return {
    kind: 'diff' as const,
    version: 1 as const,
    files,
    vmas,
    same,
    equal: changes.length === 0,
    groups: groups.map(groupJson),
    changes: changes.map(changeJson),
  };
}

function groupJson(group: ChangeGroup) {
  const { kind, count, vmas, gained, dropped, at } = group;
  const flags = { gained: formatVmFlags(gained), lost: formatVmFlags(dropped) };
  return { kind, count, vmas, text: changeText(group), ...flags, at: hexAddress(at) };
}

function changeJson({ kind, from, to }: MapChange) {
  return { kind, from: from.map(vmaJson), to: to.map(vmaJson) };
}

function vmaJson(vma: DiffVma) {
  const { start, end, perms, pgoff, backing, name } = vma;
  return { start: hexAddress(start), end: hexAddress(end), perms, pgoff, flags: flagWords(vma), backing, name };
}
