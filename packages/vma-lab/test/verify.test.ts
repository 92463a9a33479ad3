import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../../scripts/tempFolder.mjs';
import { compareJson } from '../src/verify/compareSteps.ts';
import { cli, file, recording } from './cli.ts';

/** The first scenarios of a recording, changed by `change`. */
function changed(change: (line: string) => string): string {
  const lines = gunzipSync(readFileSync(recording('recordings/kernels/6.19.14.jsonl.gz')))
    .toString()
    .split('\n')
    .slice(0, 6);
  const header = (lines.shift() as string).replace(/"scenarios":\d+/, '"scenarios":5');
  return `${[header, ...lines.map(change)].join('\n')}\n`;
}

describe('verify', () => {
  // The others are compared in conformance/test.
  it('6.18.44: two recordings, of a set and of random scenarios', async () => {
    const { status, out } = await cli([
      'verify',
      recording('recordings/kernels2/6.18.44.jsonl.gz'),
      recording('recordings/fuzz/random-6.18.44.jsonl.gz'),
    ]);
    expect(out).toContain('1,185 of 1,185 scenarios, 12,427 steps');
    expect(out).toContain('107 of 107 scenarios, 2,063 steps');
    expect(out).toContain('2 recordings, 1,292 scenarios, 14,490 steps: all equal');
    expect(status).toBe(0);
  });

  it('every recording of a program, found in their folder', async () => {
    const { status, out } = await cli(['verify', recording('programs')]);
    const folders = readdirSync(recording('programs'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const programs = folders.filter(({ name }) => readdirSync(recording(`programs/${name}`)).includes('meta.json'));
    expect(out).toContain('guard-pool: 1 of 1 process, 32 VMAs, 9 placements, 150 calls');
    expect(out).toContain(`${programs.length} recordings: all equal`);
    expect(status).toBe(0);
  });

  it('draws the first difference of a recording, both states one under the other, and ends with status 1', async () => {
    const path = file(
      'flags.jsonl',
      changed((line) => line.replaceAll('rd wr mr mw me ac sd', 'rd wr mr mw me sd')),
    );
    const { status, out } = await cli(['verify', path]);
    expect(status).toBe(1);
    expect(out).toMatch(/0 of 5 scenarios/);
    expect(out).toContain('step 0: mmap');
    expect(out).toMatch(/ {10}\.+A+\.* {2}model/);
    expect(out).toContain('vmas[0][5]: recorded "rd wr mr mw me sd" ≠ model "rd wr mr mw me ac sd"');
    expect(out).toContain('and 4 more scenarios (--all lists them)');
    const all = await cli(['verify', path, '--all']);
    expect(all.out.match(/, step 0: mmap/g)).toHaveLength(5);
  });

  it('marks the pages that differ', async () => {
    const path = file(
      'pages.jsonl',
      changed((line) => line.replaceAll(/"pages":"[^"]*"/g, (pages) => pages.replaceAll('G', 'A'))),
    );
    const { out } = await cli(['verify', path]);
    expect(out).toMatch(/pages {2}[ .]*A[ .]*recorded\n[ .]*G[ .]*model\n *\^/);
  });

  it.each([
    ['a result', (line: string) => line.replace('"res":"ok"', '"res":"ENOMEM"'), 'res: recorded "ENOMEM" ≠ model "ok"'],
    ['where it landed', (line: string) => line.replace(/"at":\d+/, '"at":63'), 'at: recorded 63 ≠ model'],
    ['a soft-dirty bit', (line: string) => line.replace(/"sd":"0/, '"sd":"1'), 'sd: recorded "1'],
    [
      'a field more',
      (line: string) => line.replace('"res":"ok"', '"res":"ok","extra":1'),
      'extra: recorded 1 ≠ model nothing',
    ],
  ])('notices %s', async (_, change, message) => {
    const { status, out } = await cli(['verify', file('one.jsonl', changed(change))]);
    expect(status).toBe(1);
    expect(out).toContain(message);
  });

  it('a program whose real map is another: both maps, and status 1', async () => {
    const folder = tempFolder('vma-lab-program-');
    mkdirSync(join(folder, 'true'));
    for (const name of readdirSync(recording('programs/true'))) {
      const text = readFileSync(recording(`programs/true/${name}`), 'utf8');
      writeFileSync(
        join(folder, 'true', name),
        name === 'final.smaps' ? text.replace('rd mr mw me ac', 'rd mr mw me') : text,
      );
    }
    const { status, out } = await cli(['verify', folder]);
    expect(status).toBe(1);
    expect(out).toContain('What differs from the real map  21 of 22 VMAs are equal');
    expect(out).toMatch(/^ {2}- [0-9a-f]+-[0-9a-f]+ r--p .* rd mr mw me\b/m);
    expect(out).toMatch(/^ {2}\+ [0-9a-f]+-[0-9a-f]+ r--p .* rd mr mw me ac\b/m);
    expect(out).toContain('≠ flags');
  });

  it('reads smaps that are kept compressed', async () => {
    const folder = tempFolder('vma-lab-gz-');
    for (const name of readdirSync(recording('programs/true'))) {
      const bytes = readFileSync(recording(`programs/true/${name}`));
      const isSmaps = name.endsWith('.smaps');
      writeFileSync(join(folder, isSmaps ? `${name}.gz` : name), isSmaps ? gzipSync(bytes) : bytes);
    }
    expect(await cli(['verify', folder])).toMatchObject({ status: 0 });
  });

  it('--json gives the counts and every difference', async () => {
    const good = await cli(['verify', recording('programs/guard-pool'), '--json']);
    expect(JSON.parse(good.out)).toMatchObject({
      kind: 'verify',
      equal: true,
      recordings: [{ kind: 'program', kernel: '6.18.44', profile: '6.19', processes: 1, equal: 1, different: [] }],
    });
    const path = file(
      'json.jsonl',
      changed((line) => line.replace('"res":"ok"', '"res":"ENOMEM"')),
    );
    const bad = await cli(['verify', path, '--json']);
    expect(bad.status).toBe(1);
    expect(JSON.parse(bad.out)).toMatchObject({
      equal: false,
      recordings: [
        {
          kind: 'kernel',
          scenarios: 5,
          equal: 0,
          different: Array.from({ length: 5 }, () => ({
            step: 0,
            differences: [{ path: 'res', recorded: 'ENOMEM', model: 'ok' }],
          })),
        },
      ],
    });
  });
});

describe('comparing', () => {
  it('goes by value: properties in any order, arrays in theirs, absent is different', () => {
    expect(compareJson({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toEqual([]);
    expect(compareJson([1, 2], [2, 1])).toHaveLength(2);
    expect(compareJson([], {})).toHaveLength(1);
    expect(compareJson({ a: 1 }, { b: 1 })).toHaveLength(2);
    expect(compareJson(null, {})).toHaveLength(1);
  });

  it('finds every difference with its path', () => {
    expect(compareJson({ a: [1, 2], b: { c: 1 } }, { a: [1, 3, 4], b: {} })).toEqual([
      { path: 'a[1]', recorded: 2, model: 3 },
      { path: 'a[2]', recorded: undefined, model: 4 },
      { path: 'b.c', recorded: 1, model: undefined },
    ]);
  });
});
