import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mergeDiagram } from 'vma-core';
import { checkLiveBlocks } from '../liveCode/checkLiveBlocks.mjs';
import { findLiveBlocks } from '../liveCode/findLiveBlocks.mjs';
import { pagesWithCode } from '../liveCode/pagesWithCode.mjs';
import { BrokenClaimError, holdClaim } from '../src/lab/claims.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const broken = readFileSync(at('./fixtures/broken-live-code.mdx'), 'utf8');

describe('live code', () => {
  it('is found by its fence, with the line where it begins', () => {
    expect(findLiveBlocks('x.mdx', broken).map(({ line, code }) => [line, code.split('\n').length])).toEqual([
      [4, 4],
      [13, 1],
      [21, 1],
    ]);
  });

  it('is checked against what is in scope: errors have the line and column of the page', () => {
    const problems = checkLiveBlocks(findLiveBlocks('test/fixtures/broken-live-code.mdx', broken));
    expect(problems.map(({ line, column, message }) => [line, column, message.slice(0, 6)])).toEqual([
      [5, 9, 'TS2322'],
      [21, 2, 'TS2552'],
    ]);
    expect(problems[0]?.file).toBe('test/fixtures/broken-live-code.mdx');
  });

  it('of every page is right, and each package has an example', () => {
    const blocks = pagesWithCode().flatMap(({ file, path }) => findLiveBlocks(file, readFileSync(path, 'utf8')));
    expect(checkLiveBlocks(blocks)).toEqual([]);
    for (const name of ['vma-core', 'pt-model', 'proc-io', 'fork-sim'])
      expect(blocks.filter(({ file }) => file === `apiExamples/${name}.md`).length).toBeGreaterThan(0);
  });
});

describe('a claim', () => {
  it('that holds says nothing; one that does not throws, and says both', () => {
    const { after } = mergeDiagram('AA**BB');
    expect(() => holdClaim(after, 'AAAAAA')).not.toThrow();
    expect(() => holdClaim(after, 'AA**BB')).toThrow(
      new BrokenClaimError('the page claims "AA**BB", and the value is "AAAAAA"'),
    );
    expect(() => holdClaim([1, 2n], [1, 3n])).toThrow('the page claims [1,"0x3"], and the value is [1,"0x2"]');
  });
});

describe('the build', () => {
  it('checks live code before it makes pages, and so does typecheck', () => {
    const { scripts } = JSON.parse(readFileSync(at('../package.json'), 'utf8')) as { scripts: Record<string, string> };
    expect(scripts['docs:build']).toMatch(/^node liveCode\/checkLiveCode\.mjs &&/);
    expect(scripts.typecheck).toContain('node liveCode/checkLiveCode.mjs');
  });

  it('stops at a page whose types are wrong', () => {
    const { status, stderr } = spawnSync(process.execPath, [at('../liveCode/checkLiveCode.mjs'), at('./fixtures')], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain(
      "broken-live-code.mdx:5:9 - error TS2322: Type 'number' is not assignable to type 'string'.",
    );
  });
});
