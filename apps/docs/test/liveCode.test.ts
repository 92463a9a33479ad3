import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mergeDiagram } from 'vma-core/diagram';
import { findLiveBlocks } from '../liveCode/findLiveBlocks.mjs';
import { pagesWithCode } from '../liveCode/pagesWithCode.mjs';
import { BrokenClaimError, holdClaim } from '../src/content/claims.ts';

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

  // That the blocks of every page are right, the build of the site checks and stops if not; see below.
  it('is there for each package', () => {
    const blocks = pagesWithCode().flatMap(({ file, path }) => findLiveBlocks(file, readFileSync(path, 'utf8')));
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

  it('stops at a page whose types are wrong, whose claim does not hold, or whose code throws, and says where', () => {
    const cache = at('../../../node_modules/.cache/docs');
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(cache, 'live-'));
    try {
      // A page of this site with one claim changed: its other blocks are as they were, and nothing is said of them.
      const page = readFileSync(at('../docs/live-code.mdx'), 'utf8');
      writeFileSync(join(folder, 'changed.mdx'), page.replace('claim=".G.."', 'claim="...."'));
      const line = page.slice(0, page.indexOf('claim=".G.."')).split('\n').length;
      writeFileSync(
        join(folder, 'throws.mdx'),
        '```tsx live\n<TracePlayer lines="mmap of nothing" title="Mine" />\n```\n',
      );
      writeFileSync(join(folder, 'types.mdx'), broken);
      const { status, stderr } = spawnSync(process.execPath, [at('../liveCode/checkLiveCode.mjs'), folder], {
        encoding: 'utf8',
      });
      expect(status).toBe(1);
      const said = stderr
        .trimEnd()
        .split('\n')
        .map((one) => one.replace(/^.*\/live-\w+\//, ''));
      expect(said).toEqual([
        "types.mdx:5:9 - error TS2322: Type 'number' is not assignable to type 'string'.",
        "types.mdx:21:2 - error TS2552: Cannot find name 'Reslut'. Did you mean 'Result'?",
        expect.stringMatching(
          new RegExp(
            `^changed\\.mdx:${line}:\\d+ - error BrokenClaimError: the page claims "\\.{4}", and the value is "\\.G\\.\\."$`,
          ),
        ),
        expect.stringMatching(/^throws\.mdx:2:1 - error \w*Error: .*mmap/),
        'types.mdx:13:54 - error BrokenClaimError: the page claims "AA**BB", and the value is "AAAAAA"',
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
