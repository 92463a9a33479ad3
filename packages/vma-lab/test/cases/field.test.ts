import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ReplayReport } from '../../src/json/index.ts';
import { cli } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

/** What `replay --json` says of a log below `cases/field`, with its maps where they are there. */
async function replayed(name: string, more: readonly string[] = []): Promise<ReplayReport> {
  const of = (file: string): string => caseFile(`field/${name}.${file}`);
  const maps = ['--initial', of('initial.smaps'), '--final', of('final.smaps')];
  const { out } = await cli(['replay', of('strace'), ...maps, ...more, '--json']);
  return JSON.parse(out) as ReplayReport;
}

describe('cases that were right before', () => {
  rightCase(
    'field/41-uffd-register.strace',
    { right: '27 VMAs at the end, all as in the real map (6.18.44)', before: 'the same' },
    async () => {
      const { kernels } = await replayed('41-uffd-register', ['--kernel', '6.18']);
      expect(kernels[0]?.processes[0]?.final).toMatchObject({ real: 27, equal: 27 });
    },
  );

  rightCase(
    'field/39-v8-dontfork.strace',
    {
      right:
        '52 VMAs; a fork copies 13 (11 whose pages the final smaps shows, 2 special) and skips 24; 2 more are assumed written. The 12 of .expect.txt leaves out the three RELRO ranges (r--p with Anonymous: pages), which have an anon_vma and are copied',
      before: '12: what smaps proves of memory that is not writable did not count',
    },
    async () => {
      const { kernels } = await replayed('39-v8-dontfork', ['--kernel', '6.18']);
      expect(kernels[0]?.processes[0]).toMatchObject({
        vmas: { end: 52 },
        fork: { copy: { vmas: 15 }, skip: { vmas: 24 } },
      });
    },
  );

  rightCase(
    'field/04-mremap-fixed-unmaps-dest',
    { right: 'moved on 6.18, 27 VMAs as in the real map; EFAULT on 6.12, its target unmapped', before: 'the same' },
    async () => {
      const moved = await replayed('04-mremap-fixed-unmaps-dest', ['--kernel', '6.18']);
      expect(moved.kernels[0]?.processes[0]?.final).toMatchObject({ real: 27, equal: 27 });
      const refused = await replayed('04-mremap-fixed-unmaps-dest', ['--kernel', '6.12']);
      const [process] = refused.kernels[0]?.processes ?? [];
      expect(process?.vmas.end).toBe(25);
      expect(JSON.stringify(process?.results)).toContain('EFAULT');
    },
  );
});

describe('the table of cases', () => {
  it('has a row for every public report', () => {
    const here = fileURLToPath(new URL('.', import.meta.url));
    const tables = readdirSync(here).map((name) => readFileSync(here + name, 'utf8'));
    const cases = readdirSync(caseFile('field')).filter((name) => name.endsWith('.expect.txt'));
    expect(cases.length).toBeGreaterThan(35);
    const named = (name: string): boolean => tables.some((table) => table.includes(name.replace('.expect.txt', '')));
    expect(cases.filter((name) => !named(name))).toEqual([]);
  });
});
