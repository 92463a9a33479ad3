import type { WhyGroup, WhyPair, WhyReport } from 'fork-sim';
import { pairText } from 'fork-sim/words';
import type { SubjectMap } from '../input/subjectMap.ts';
import { vmaPartJson } from './replayJson.ts';
import { hexAddress, subjectJson } from './texts.ts';

/** What `vma-lab why` found. */
export interface WhyAnswer extends SubjectMap {
  readonly report: WhyReport;
  readonly isSmaps: boolean;
}

/** What `vma-lab why --json` prints. */
export type WhyJson = ReturnType<typeof whyJson>;

/** The report as `--json` prints it: the lower VMA of a pair first. A field may be added without a new version. */
export function whyJson(answer: WhyAnswer) {
  const { groups, pairs, at, vmas } = answer.report;
  return {
    kind: 'why' as const,
    version: 1 as const,
    ...subjectJson(answer),
    vmas,
    touching: pairs.length,
    groups: groups.map(groupJson),
    pairs: (at?.pairs ?? pairs).map(pairJson),
    address: at && { at: hexAddress(at.address), holeBelow: at.holeBelow, holeAbove: at.holeAbove },
  };
}

const ANSWERS = { seam: 'could', wall: 'never', unknown: 'unknown' } as const;

function groupJson({ kind, rule, count, assumes, first }: WhyGroup) {
  return { answer: ANSWERS[kind], rule, count, ...pairText(first), assumes, first: hexAddress(first.upper.start) };
}

function pairJson(pair: WhyPair) {
  const { lower, upper, answer, assumes } = pair;
  const rule = answer.kind === 'seam' ? null : answer.refusal.rule;
  return {
    lower: vmaPartJson(lower),
    upper: vmaPartJson(upper),
    answer: ANSWERS[answer.kind],
    rule,
    ...pairText(pair),
    assumes,
  };
}
