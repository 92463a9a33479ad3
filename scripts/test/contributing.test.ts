// Performs the example of CONTRIBUTING.md, "adding a merge rule", on a copy of the sources: its code blocks are the edits.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../tempFolder.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the example needs of the repository. */
const COPIED = [
  'tsconfig.base.json',
  'tsconfig.test-base.json',
  ...['src', 'test', 'package.json'].map((path) => `packages/vma-core/${path}`),
  'packages/fork-sim/src/words',
];

/** One place that the example edits: lines beside a line of a file, or a new file. */
interface Edit {
  readonly file: string;
  /** On which side of the line. */
  readonly side: 'before' | 'after';
  /** The line, without its indent; `null`: the file is new. */
  readonly line: string | null;
  readonly text: string;
}

/** The edits of the example, in its order: "`FILE`, after `LINE`:" or "new file `FILE`:", and the block below it. */
function readEdits(): Edit[] {
  const guide = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const section = guide.split(/^## /m).find((part) => part.includes('adding a merge rule')) ?? '';
  const steps = /`(packages\/[^`]+)`(?:,\s+(before|after)\s+`([^`]+)`)?:\n\n( *)```ts\n(.*?)^ *```$/gms;
  return [...section.matchAll(steps)].map(([, file = '', side, line, indent = '', text = '']) => ({
    file,
    side: side === 'before' ? 'before' : 'after',
    line: line ?? null,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

/** Does an edit. @throws Error where the line is not there exactly once, or a new file is there already */
function perform(folder: string, { file, side, line, text }: Edit): void {
  const path = join(folder, file);
  if (line === null) {
    if (existsSync(path)) throw new Error(`${file} is there already`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  const lines = readFileSync(path, 'utf8').split('\n');
  const at = lines.flatMap((one, index) => (one.trim() === line ? [index] : []));
  if (at.length !== 1) throw new Error(`${file} has ${at.length} lines \`${line}\``);
  lines.splice((at[0] ?? 0) + (side === 'after' ? 1 : 0), 0, text.trimEnd());
  writeFileSync(path, lines.join('\n'));
}

/** Asks for what follows from the edits elsewhere: a split, the verdict on two VMAs that touch, the words. */
const FOLLOWS = `
import { expect, it } from 'vitest';
import { explain, pairVerdict } from 'vma-core';
import { munmap } from 'vma-core/calls';
import { mmFromDiagram } from 'vma-core/diagram';
import { defineKernelProfile } from 'vma-core/profiles';
import { refusalShort, refusalText, refusalValues } from 'vma-core/words';

const tagged = defineKernelProfile('with tags', '7.3', { comparesTag: true });
const letters = { A: { tag: 1 }, B: { tag: 2 } };

it('a split keeps the tag', () => {
  const { mm } = mmFromDiagram('AAAA', { letters: { A: { tag: 1 } } });
  munmap(mm, 4096, 4096);
  expect(mm.vmas().map(({ tag }) => tag)).toEqual([1, 1]);
});

it('a pair with two tags could merge where no kernel compares them', () => {
  const { mm } = mmFromDiagram('AABB', { letters });
  const [below, above] = mm.vmas();
  expect(pairVerdict(below!, above!, mm).refusal).toBeNull();
});

it('the rule refuses the pair, and has its words', () => {
  const { mm } = mmFromDiagram('AABB', { profile: tagged, letters });
  const [below, above] = mm.vmas();
  const { refusal } = pairVerdict(below!, above!, mm);
  expect(refusal).toEqual({ rule: 'tag', range: 2, neighbour: 1 });
  expect(refusalShort(refusal!)).toBe('tag 2 ≠ 1');
  expect(refusalText(refusal!)).toBe('2 ≠ 1');
  expect(explain(refusal!)).toBe('Their tags differ.');
  expect(refusalValues(refusal!)).toMatchObject({ what: 'tag', range: '2', neighbour: '1' });
});
`;

const CONFIG = `export default {
  resolve: { conditions: ['my-source'] },
  ssr: { resolve: { conditions: ['my-source'] } },
  test: { include: ['packages/*/test/**/*.test.ts'] },
};`;

/** A copy of what the example needs, with some of its edits. */
function copyWith(edits: readonly Edit[]): string {
  const folder = tempFolder('contributing-');
  for (const path of COPIED) cpSync(join(root, path), join(folder, path), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  for (const name of ['vitest', 'fast-check']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  symlinkSync(join(folder, 'packages/vma-core'), join(folder, 'node_modules/vma-core'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'vitest.config.mjs'), CONFIG);
  const types = {
    extends: './tsconfig.test-base.json',
    compilerOptions: { types: [] },
    include: ['packages/*/src', 'packages/fork-sim/test', 'packages/vma-core/test/merge/tag.test.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(types));
  for (const edit of edits) perform(folder, edit);
  mkdirSync(join(folder, 'packages/fork-sim/test'));
  writeFileSync(join(folder, 'packages/fork-sim/test/follows.test.ts'), FOLLOWS);
  // A field of profiles: the constants of `vma-core/profiles` are written anew, as the guide says.
  runTests(folder, 'profiles.test', '-u');
  return folder;
}

/** Runs a tool of the repository in a folder. */
function run(folder: string, tool: string, ...args: string[]): { readonly ok: boolean; readonly said: string } {
  const script = join(root, 'node_modules', tool);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { cwd: folder, encoding: 'utf8' });
  return { ok: status === 0, said: `${stdout}${stderr}` };
}

const typecheck = (folder: string) => run(folder, 'typescript/bin/tsc', '-p', '.');
/** Runs the tests whose paths have one of these texts. */
const runTests = (folder: string, ...paths: string[]) =>
  run(folder, 'vitest/vitest.mjs', 'run', '--no-color', ...paths);

describe('the example of CONTRIBUTING.md, adding a merge rule', () => {
  const edits = readEdits();

  it('edits six places at most, a drawing among them', () => {
    expect(edits.map(({ file }) => file)).toEqual([
      'packages/vma-core/src/vmaStore.ts',
      'packages/vma-core/src/kernelProfile.ts',
      'packages/vma-core/src/merge/mergeRefusal.ts',
      'packages/vma-core/src/merge/isMergeableVma.ts',
      'packages/vma-core/src/words/ruleWords.ts',
      'packages/vma-core/test/merge/tag.test.ts',
    ]);
  });

  it('compiles, and its drawings hold: the merge, the refusal with its two values, the words, the verdict on a pair', () => {
    const folder = copyWith(edits);
    expect(typecheck(folder)).toEqual({ ok: true, said: '' });
    // The new drawings, and the engine's own tests of merging: the column must not disturb what was there.
    const result = runTests(folder, 'follows', 'docstrings', 'tag', 'refusals', 'splitVma');
    expect(result).toMatchObject({ ok: true, said: expect.stringMatching(/Tests +\d{3,} passed/) });
  });

  it.each([
    ['the column', 'vmaStore.ts', /'tag' does not exist/],
    ['the field of the profile', 'kernelProfile.ts', /'comparesTag' does not exist/],
    ['the rule and its explanation', 'mergeRefusal.ts', /isMergeableVma\.ts.*'"tag"' is not assignable/],
    ['the words', 'ruleWords.ts', /ruleWords\.ts.*'tag' is missing/],
  ])('does not compile without %s', (_, file, says) => {
    const { ok, said } = typecheck(copyWith(edits.filter((edit) => !edit.file.endsWith(`/${file}`))));
    expect(ok).toBe(false);
    expect(said).toMatch(says);
  });

  it('fails its drawings without the predicate', () => {
    const folder = copyWith(edits.filter((edit) => !edit.file.endsWith('/isMergeableVma.ts')));
    expect(typecheck(folder).ok).toBe(true);
    const { ok, said } = runTests(folder, 'follows', 'tag');
    expect(ok).toBe(false);
    expect(said).toMatch(/× 'AA\*\*BB' -> 'AA\.\.BB'/);
    expect(said).toMatch(/× the rule refuses the pair/);
  });
});
