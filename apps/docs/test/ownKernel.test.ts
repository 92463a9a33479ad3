import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parseScenario, runScenario, type Scenario, scenarioOf } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { KERNEL_PROFILES, type KernelProfile, kernelProfile } from 'vma-core';
import { EXAMPLES } from '../src/content/examples.ts';
import { type OwnProfile, ownFrom, ownKernel } from '../src/link/ownKernel.ts';
import { decodeShare, encodeShare } from '../src/link/shareLink.ts';

/** The seven, and versions between them, which have fields of their own. */
const ORIGINS = [...KERNEL_PROFILES.map(({ name }) => name), '6.13', '6.15.4', '6.18.44'];

function made(own: OwnProfile): KernelProfile {
  const answer = ownKernel(own);
  if ('error' in answer) throw new Error(answer.error);
  return answer.profile;
}

/** Of the scenarios that real kernels were asked, one in eight: the fields of a profile decide all that happens, and those are all compared. */
function recorded(): Scenario[] {
  const file = fileURLToPath(new URL('../../../conformance/recordings/kernels/scenarios.jsonl.gz', import.meta.url));
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  return lines.flatMap((line, at) => (at % 8 === 0 ? [parseScenario(line, { file: 'scenarios', line: at + 1 })] : []));
}

describe('a kernel of one’s own that is not changed', () => {
  it.each(ORIGINS)('%s: has every field of the kernel that it is made from', (name) => {
    const { name: _, kernels: __, ...fields } = made(ownFrom(name));
    const { name: ___, kernels: ____, ...origin } = kernelProfile(name);
    expect(fields).toEqual(origin);
  });

  it.each(ORIGINS)('%s: a link gives it back as it was', (name) => {
    const own = ownFrom(name);
    expect(decodeShare(encodeShare({ text: '', profile: 'own', own })).own).toEqual(own);
  });

  it('does the same in every example and recorded scenario', () => {
    const own = made(ownFrom('guard-flag'));
    const examples = EXAMPLES.map(({ id, lines }) => scenarioOf(id, lines));
    const differing = [...examples, ...recorded()].filter((scenario) => {
      const [copy, origin] = [own, 'guard-flag'].map((profile) => JSON.stringify(runScenario(scenario, { profile })));
      return copy !== origin;
    });
    expect(differing.map(({ id }) => id)).toEqual([]);
  });
});

describe('whose flags make fork copy', () => {
  const lines = 'mmap 2+4 r file0@2 shared\nguard 4\nfork child\nread 4';
  const read = (own: OwnProfile): string | undefined =>
    runScenario(scenarioOf('x', lines), { profile: made(own) }).at(-1)?.res;

  it('is the child’s or the parent’s, and each can be changed', () => {
    const own = ownFrom('guard-flag');
    expect(own.needsCopySrc).toContain('gu');
    expect(own.needsCopyDst).not.toContain('gu');
    expect(read(own)).toBe('SIGSEGV');
    const src = own.needsCopySrc.filter((word) => word !== 'gu');
    expect(read({ ...own, needsCopySrc: src })).toBe('ok');
    expect(read({ ...own, needsCopySrc: src, needsCopyDst: [...own.needsCopyDst, 'gu'] })).toBe('SIGSEGV');
  });
});

describe('links that were written when there was one column for both', () => {
  const old = (from: string, copyOnFork: readonly string[]): OwnProfile | undefined => {
    const own = { from, sticky: [], ignoreMerge: ['sd'], copyOnFork, mergeReturnsFlags: false };
    return decodeShare(encodeShare({ text: '', profile: 'own', own } as never)).own;
  };

  it.each([
    ['6.12', []],
    ['guard-flag', []],
    ['as-posted', ['gu']],
    ['6.19', ['pf', 'gu', 'uw', 'mm']],
  ] as const)('%s, not changed, is the kernel that it was made from', (from, copyOnFork) => {
    const own = old(from, copyOnFork);
    const sorted = (words: readonly string[] | undefined): string[] => [...(words ?? [])].sort();
    expect(sorted(own?.needsCopyDst)).toEqual(sorted(ownFrom(from).needsCopyDst));
    expect(sorted(own?.needsCopySrc)).toEqual(sorted(ownFrom(from).needsCopySrc));
  });

  it('what was changed stays changed, on the side where the kernel asks', () => {
    expect(old('6.19', ['uw', 'pf', 'mm'])).toMatchObject({ needsCopyDst: ['uw', 'pf', 'mm'], needsCopySrc: [] });
    expect(old('as-posted', [])).toMatchObject({ needsCopyDst: ['uw'], needsCopySrc: ['pf', 'mm'] });
    expect(old('6.12', ['gu'])).toMatchObject({ needsCopyDst: ['uw', 'gu'], needsCopySrc: ['pf', 'mm'] });
    expect(old('minix', ['gu'])).toMatchObject({ needsCopyDst: ['gu'], needsCopySrc: [] });
  });
});
