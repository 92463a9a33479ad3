// The first task of a kernel developer, with vma-core alone: which of 32 permutations of two neighbours merge on two kernels, why the others do not,
// and what one flag that is not sticky would change.
import assert from 'node:assert/strict';
import { explain, Mm, pairVerdict, toJson, vmaNeedsCopy } from 'vma-core';
import { mergeDiagram, mmFromDiagram } from 'vma-core/diagram';
import { defineKernelProfile, KERNEL_6_19 } from 'vma-core/profiles';

const guarded = 'rd wr mr mw me ac gu';
const plain = 'rd wr mr mw me ac';
const outcomes = (profile) =>
  ['A', '*', 'B']
    .reduce(
      (all, letter) => all.flatMap((one) => [one, { ...one, [letter]: { flags: guarded } }]),
      [{ A: { flags: plain }, '*': { flags: plain }, B: { flags: plain } }],
    )
    .map((letters) => mergeDiagram('AA**BB', { profile, letters }).after);
const merged = (profile) => outcomes(profile).filter((after) => after === 'AAAAAA').length;
assert.deepEqual([merged('6.18'), merged('6.19')], [2, 8]);

const { mm } = mmFromDiagram('AABB', { profile: '6.18', letters: { A: { flags: guarded }, B: { flags: plain } } });
const [below, above] = mm.vmas();
const { refusal } = pairVerdict(below, above, mm);
assert.equal(explain(refusal), 'The flags differ by gu, which this kernel does not ignore.');
assert.deepEqual(JSON.parse(JSON.stringify(toJson(refusal))).diff, ['VM_MAYBE_GUARD']);

const mine = defineKernelProfile('mine', KERNEL_6_19, { sticky: [] });
assert.equal(new Mm({ profile: mine }).profile.sticky, 0n);
assert.equal(vmaNeedsCopy(below, below, KERNEL_6_19), true);
console.log('kernel developer: ok');
