import { parseSmaps } from 'proc-io';
import { expect, it } from 'vitest';
import { kernelProfile } from 'vma-core';
import { forkReport, mapDiff, smapsMap, smapsWhatIf, vmaGroups, whyReport } from '../../src/index.ts';

const SMAPS = parseSmaps(`1000-2000 rw-p 00000000 00:00 0
Rss: 4 kB
Anonymous: 4 kB
VmFlags: rd wr mr mw me ac
2000-4000 ---p 00000000 00:00 0
Rss: 0 kB
Anonymous: 0 kB
VmFlags: mr mw me
`);

/** A worker carries what can be cloned: no methods, no getters. */
it('the answers are plain data, which a worker can carry', () => {
  const profile = kernelProfile('6.19');
  const { map } = smapsMap(SMAPS, profile);
  const world = { profile, maxMapCount: 65_530, markers: false };
  const answers = [
    whyReport(map, { isSmaps: true, address: 0x2000 }),
    forkReport(map, SMAPS.entries),
    mapDiff(SMAPS.entries, SMAPS.entries.slice(1)),
    smapsWhatIf(SMAPS, world, { ...world, markers: true }),
    vmaGroups(map, { maxMapCount: 100 }),
  ];
  for (const answer of answers) expect(structuredClone(answer)).toEqual(answer);
  expect(answers[0]).toMatchObject({ vmas: 2, at: { pairs: [{ answer: { kind: 'wall' } }] } });
});
