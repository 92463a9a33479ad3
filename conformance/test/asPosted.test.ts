import { isDeepStrictEqual } from 'node:util';
import { parseScenarios, runScenario, type Scenario, type StateRecord, type StepRecord } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { drawRecord, firstDifference, sideBySide } from './support/drawDifference.ts';
import { readLines, readRecording } from './support/readRecording.ts';

// The series as posted (profile `as-posted`) against the series as merged (`6.19`), over the first set's scenarios,
// configured as 6.19.14 was: soft dirty on, no fault-around.
const options = readRecording('kernels/6.19.14.jsonl.gz').options;
const runs = [...parseScenarios(readLines('kernels/scenarios.jsonl.gz'), 'scenarios.jsonl.gz')].map((scenario) => ({
  scenario,
  posted: runScenario(scenario, { ...options, profile: 'as-posted' }),
  merged: runScenario(scenario, { ...options, profile: '6.19' }),
}));

describe('the series as posted, over 1,119 scenarios', () => {
  it('goes another way than 6.19 in 79, of which 2 end in the same state again', () => {
    expect(runs).toHaveLength(1119);
    const differ = runs.filter(({ posted, merged }) => firstDifference(merged, posted) >= 0);
    expect(differ).toHaveLength(79);
    const endAlike = differ.filter(({ posted, merged }) => isDeepStrictEqual(posted.at(-1), merged.at(-1)));
    expect(endAlike).toHaveLength(2);
  });

  it('differs in 78 without soft dirty: one of the 79 is VM_SOFTDIRTY, which is sticky in 6.19 only', () => {
    const clean = { ...options, softDirty: false };
    const differ = runs.filter(({ scenario }) => {
      const [posted, merged] = ['as-posted', '6.19'].map((profile) => runScenario(scenario, { ...clean, profile }));
      return firstDifference(merged as StepRecord[], posted as StepRecord[]) >= 0;
    });
    expect(differ).toHaveLength(78);
  });

  it('breaks invariant 2 in 76: a guard marker in a VMA without VM_MAYBE_GUARD', () => {
    expect(runs.filter(({ posted }) => posted.some(breaksInvariant2))).toHaveLength(76);
    expect(runs.filter(({ merged }) => merged.some(breaksInvariant2))).toHaveLength(0);
  });

  it('breaks invariant 3 in 2: a guard marker that is not in the child', () => {
    const broken = runs.filter(({ posted }) => posted.some(breaksInvariant3));
    expect(broken.map(({ scenario }) => scenario.id)).toEqual(['rnd.dev.1.21', 'rnd.dev.1.329']);
    expect(runs.filter(({ merged }) => merged.some(breaksInvariant3))).toHaveLength(0);
  });
});

describe('the two side by side: 6.19 on the left, as posted on the right', () => {
  it('an mprotect that merges hands the sticky flag over, and the posted caller stores the old flags over it', () => {
    expect(
      draw([
        { op: 'mmap', page: 10, pages: 4, prot: 'rw' },
        { op: 'mmap', page: 14, pages: 4, prot: 'r' },
        { op: 'madvise', page: 10, pages: 1, advice: 'GUARD_INSTALL' },
        { op: 'mprotect', page: 14, pages: 4, prot: 'rw' },
      ]),
    ).toMatchInlineSnapshot(`
      "
        ok                                            |    ok
        10  AAAAAAAA                                  |    10  AAAAAAAA
        10  G.......                                  |    10  G.......
        A [10,18) rw-p anon+0 "rd wr mr mw me gu ac"  |    A [10,18) rw-p anon+0 "rd wr mr mw me ac"
      "
    `);
  });

  it('after it, fork leaves the markers of a file mapping behind, for nothing says that they are there', () => {
    expect(
      draw([
        { op: 'mmap', page: 10, pages: 2, prot: 'rw', backing: 'file0', pgoff: 10 },
        { op: 'mmap', page: 12, pages: 2, prot: 'r', backing: 'file0', pgoff: 12 },
        { op: 'madvise', page: 10, pages: 1, advice: 'GUARD_INSTALL' },
        { op: 'mprotect', page: 12, pages: 2, prot: 'rw' },
        { op: 'fork' },
      ]),
    ).toMatchInlineSnapshot(`
      "
        ok                                              |    ok
        10  AAAA                                        |    10  AAAA
        10  G...                                        |    10  G...
        A [10,14) rw-p file0+10 "rd wr mr mw me gu ac"  |    A [10,14) rw-p file0+10 "rd wr mr mw me ac"
        child                                           |    child
        10  AAAA                                        |    10  AAAA
        10  G...                                        |    10  ....
        A [10,14) rw-p file0+10 "rd wr mr mw me gu ac"  |    A [10,14) rw-p file0+10 "rd wr mr mw me ac"
      "
    `);
  });
});

/** Semantics, 9: every guard marker lies in a VMA with VM_MAYBE_GUARD; the child's too. */
function breaksInvariant2(step: StepRecord): boolean {
  const broken = (state: StateRecord): boolean =>
    state.vmas.some(([start, end, , , , flags]) => !has(flags, 'gu') && guards(state).slice(start, end).includes('G'));
  return broken(step) || (step.child !== undefined && broken(step.child));
}

/** Semantics, 9: after fork the child's markers are the parent's, outside DONTCOPY and WIPEONFORK. */
function breaksInvariant3(step: StepRecord): boolean {
  const { child } = step;
  if (child === undefined) return false;
  return step.vmas.some(([start, end, , , , flags]) => {
    if (has(flags, 'dc') || has(flags, 'wf')) return false;
    return guards(step).slice(start, end) !== guards(child).slice(start, end);
  });
}

/** `G` where a guard marker is, blanks elsewhere. */
function guards({ pages }: StateRecord): string {
  return (pages as string).replaceAll(/[^G]/g, ' ');
}

function has(flags: string, word: string): boolean {
  return flags.split(' ').includes(word);
}

function draw(ops: Scenario['ops']): string {
  const [merged, posted] = ['6.19', 'as-posted'].map((profile) =>
    drawRecord(runScenario({ id: 'drawn', ops }, { ...options, softDirty: false, profile }).at(-1) as StepRecord),
  );
  return `\n${sideBySide(merged as string[], posted as string[])}\n`;
}
