import type { AboveRow, VmaRow } from 'fork-sim';
import { refusalShort } from 'fork-sim/words';
import type { SmapsAnswer } from '../cli/answers.ts';
import { vmaPartJson, whyForked } from './replayJson.ts';

/** What `vma-lab smaps --json` prints. */
export type SmapsJson = ReturnType<typeof smapsJson>;

/** The report as `--json` prints it: addresses in hex, flags and reasons in words. A field may be added without a new version. */
export function smapsJson({ file, kernel, maxMapCount, pageSize, notes, map, forks, guards }: SmapsAnswer) {
  return {
    kind: 'smaps' as const,
    version: 1 as const,
    file,
    kernel: kernel.kernel,
    profile: kernel.profile.name,
    measured: kernel.measured,
    vmas: map.length,
    maxMapCount,
    toSpare: Math.max(0, maxMapCount - map.length),
    pageSize,
    notes,
    map: map.map(vmaJson),
    forks: forks.map(({ childTablesKbAtMost, ...fork }) => ({ ...fork, tablesKbAtMost: childTablesKbAtMost })),
    guards: { count: guards.guards, sizes: guards.sizes, longest: guards.longest, vmasAtBest: guards.endVmas },
  };
}

function vmaJson(row: VmaRow) {
  const { resident, anonymousPages, fork, above } = row;
  return {
    ...vmaPartJson(row),
    resident,
    anonymousPages,
    fork: { action: fork.action, why: whyForked(row), tablesKb: fork.kBAtMost },
    above: aboveJson(above),
  };
}

function aboveJson(above: AboveRow) {
  switch (above.kind) {
    case 'top':
    case 'hole':
      return null;
    case 'seam':
      return { answer: 'could' as const, rule: null, text: 'nothing that smaps tells keeps them apart' };
    case 'unknown':
      return {
        answer: 'unknown' as const,
        rule: above.refusal.rule,
        text: 'anon_vma: the same or two, smaps does not tell',
      };
    case 'wall':
      return { answer: 'never' as const, rule: above.refusal.rule, text: refusalShort(above.refusal) };
    default:
      return above satisfies never;
  }
}
