import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, file } from './cli.ts';

/** Programs of C can be built here, and see what they must: root does, on a kernel that shows guards in pagemap. */
const [major = 0, minor = 0] = release().split('.').map(Number);
const canAskKernel =
  process.platform === 'linux' &&
  process.arch === 'x64' &&
  process.getuid?.() === 0 &&
  major * 1000 + minor >= 6015 &&
  spawnSync('cc', ['--version']).status === 0;

const HOLDS = '# Two mappings become one\nmmap 4+2 rw\nmmap 6+2 rw\nmap ....AAAA\n';
const DIFFERS =
  '# A flag is lost\nmmap 4+2 r file0 shared\nguard 4\nmmap 6+2 rw file0@2 shared\nmprotect 6+2 r\nflags 4 has gu\n';

function folder(): string {
  const path = file('folder.txt', '').replace(/folder\.txt$/, 'litmus');
  mkdirSync(join(path, 'sub'), { recursive: true });
  writeFileSync(join(path, 'b10.litmus'), HOLDS);
  writeFileSync(join(path, 'b9.litmus'), DIFFERS);
  writeFileSync(join(path, 'sub', 'c.litmus'), `kernels: from 6.19\n${HOLDS.split('\n').slice(1).join('\n')}`);
  return path;
}

describe('vma-lab litmus', () => {
  it('judges a litmus file that is given without a command', async () => {
    const path = file('plain.litmus', 'mmap 4+2 rw\nmmap 6+2 rw\nvmas 2\n');
    const plain = await cli([path, '--ascii']);
    expect(plain).toEqual(await cli(['litmus', path, '--ascii']));
    expect([plain.status, plain.out.includes('claimed   vmas 2')]).toEqual([1, true]);
  });

  it('prints a table, files by kernels, and what is there where a claim fails', async () => {
    const path = folder();
    const { status, out } = await cli(['litmus', path, '--ascii', '--kernel', 'as-posted,6.18.44']);
    expect(status).toBe(1);
    const lines = out.replaceAll(`${path}/`, '').replace(/ +/g, ' ').split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'file as-posted 6.19 title',
      'b9.litmus NO ok A flag is lost',
      'b10.litmus ok ok Two mappings become one',
      'sub/c.litmus - ok',
    ]);
    expect(lines).toContain('NO b9.litmus:6: fails on as-posted, after step 4: mprotect 6+2 r');
    expect(lines).toContain(' claimed flags 4 has gu');
    expect(lines).toContain(' there is flags 4 are rd sh mr mw me ms');
    expect(lines).toContain(' VMAs ....AAAA');
    expect(lines).toContain(' pages ----G...');
    expect(lines).toContain('3 files, 5 claims looked at: ok holds 4, NO fails 1, - not applicable 1');
  });

  it('asks all seven profiles, from standard input too, and is 0 where all holds', async () => {
    const { status, out } = await cli(['litmus', '-'], { stdin: HOLDS });
    expect(status).toBe(0);
    expect(out).toContain('6.12  6.16  6.18  guard-flag  as-posted  6.19  7.3');
    expect(out).toContain('1 file, 7 claims looked at: ✓ holds 7, ✗ fails 0, – not applicable 0');
  });

  it('gives JSON', async () => {
    const { status, out } = await cli(['litmus', file('a.litmus', DIFFERS), '--json', '--kernel', 'as-posted']);
    expect(status).toBe(1);
    const [judged] = (JSON.parse(out) as { files: { title: string; verdicts: unknown[] }[] }).files;
    expect(judged).toMatchObject({
      title: 'A flag is lost',
      verdicts: [{ kernel: 'as-posted', verdict: 'fails', claims: 1, failures: [{ line: 6, step: 3 }] }],
    });
  });

  it.each([
    ['mmap 4+2 rw\nvmas', 'a.litmus:2:1: vmas needs more; it is written "vmas 3"'],
    ['# nothing\n', 'a.litmus:1:1: no scenario: there is no operation'],
    ['mmap 4+2 rw\nvmas\nmap\n', '(and 1 more that cannot be read)'],
  ])('says where %j cannot be read', async (text, problem) => {
    const { status, err } = await cli(['litmus', file('a.litmus', text)]);
    expect(status).toBe(2);
    expect(err).toContain(problem);
  });

  it('says what is wrong with its arguments', async () => {
    expect((await cli(['litmus', 'nowhere.litmus'])).err).toContain('nowhere.litmus:1:1: no such file');
    expect((await cli(['litmus', file('a.litmus', HOLDS), '--kernel', 'mine'])).err).toContain(
      'unknown kernel profile "mine"',
    );
    const empty = join(folder(), 'empty');
    mkdirSync(empty, { recursive: true });
    expect((await cli(['litmus', empty])).err).toContain('no litmus file in this folder');
  });
});

describe('vma-lab fmt', () => {
  const LOOSE = '# A title\n\n  madvise 4+1 MADV_GUARD_INSTALL;  vmas   1 #why\n[ 6.19 ]: flags 4 has   gu';
  const CANONICAL = '# A title\n\nguard 4\nvmas 1  # why\n[6.19]: flags 4 has gu\n';

  it('prints the canonical form', async () => {
    expect(await cli(['fmt', file('a.litmus', LOOSE)])).toMatchObject({ status: 0, out: CANONICAL });
    expect(await cli(['fmt', '-'], { stdin: CANONICAL })).toMatchObject({ status: 0, out: CANONICAL });
  });

  it('makes a litmus file of a scenario in JSON', async () => {
    const json =
      '{"id":"guard.one","note":"One guard","ops":[{"op":"madvise","page":4,"pages":1,"advice":"GUARD_INSTALL"}]}';
    const { out } = await cli(['fmt', '-'], { stdin: json });
    expect(out).toBe('# One guard\nid: guard.one\n\nguard 4\n');
  });

  it('checks, and writes', async () => {
    const loose = file('loose.litmus', LOOSE);
    const canonical = file('canonical.litmus', CANONICAL);
    expect(await cli(['fmt', '--check', loose, canonical])).toMatchObject({ status: 1, out: `${loose}\n` });
    expect(await cli(['fmt', '--write', loose, canonical])).toMatchObject({ status: 0, out: `${loose}\n` });
    expect(readFileSync(loose, 'utf8')).toBe(CANONICAL);
    expect(await cli(['fmt', '--check', loose, canonical])).toMatchObject({ status: 0, out: '' });
    expect((await cli(['fmt', '--write', '-'])).err).toContain('--write needs files');
  });
});

describe('vma-lab run', () => {
  it('takes a litmus file, with its settings', async () => {
    const { status, out } = await cli(['run', file('a.litmus', DIFFERS), '--ascii']);
    expect(status).toBe(0);
    expect(out).toContain('A flag is lost');
    expect(out).toContain('mprotect 6+2 r');
    expect(out).not.toMatch(/\bsd\b/);
    expect((await cli(['run', file('b.litmus', `soft-dirty: on\n${DIFFERS}`)])).out).toMatch(/\bsd\b/);
  });
});

describe('vma-lab litmus --c and --running', () => {
  const KEPT = [
    '# Several processes',
    'mmap 2+4 rw => ok',
    'guard 4+2',
    'fork as=kid',
    'kid: write 2 => ok',
    'kid: pages --A.GG',
    'pages --..GG',
    'kid: mremap 2+4 -> 20 => ok at 20',
    'kid: map 20: AAAA',
    'read 2+4 => SIGSEGV faults ..MM reads zero zero nothing nothing',
    'munmap 2+4',
    'vmas 0',
  ];

  it('prints a program that claims what is claimed for one kernel', async () => {
    const text = ['mmap 2+1 rw', 'guard 2 => ok', '[to 6.12]: guard 2 => EINVAL', 'fork', 'forked 2 copy'].join('\n');
    const { status, out } = await cli(['litmus', file('c.litmus', text), '--c', '--kernel', '6.12']);
    expect(status).toBe(0);
    expect(out).toContain('result_is(3, "=> EINVAL"');
    expect(out).not.toContain('result_is(2');
    expect(out).toContain('unseen(5, "forked 2 copy"');
    const two = [file('c.litmus', text), file('d.litmus', text)];
    expect((await cli(['litmus', ...two, '--c'])).err).toContain('--c prints one program, and 2 files were given');
  });

  it.runIf(canAskKernel)('asks the running kernel, and a claim that is wrong fails there', async () => {
    const kept = await cli([
      'litmus',
      file('kept.litmus', KEPT.join('\n')),
      '--running',
      '--kernel',
      release(),
      '--ascii',
    ]);
    expect(kept.out).toContain(`the running kernel, ${release()}: `);
    expect(kept.status).toBe(0);
    const wrong = [...KEPT.slice(0, -1), 'vmas 1', 'never map ..AAAA', 'read 2 => ok'];
    const { status, out } = await cli(['litmus', file('wrong.litmus', wrong.join('\n')), '--running', '--json']);
    expect(status).toBe(1);
    const [judged] = (JSON.parse(out) as { files: { here: { failures: { line: number; found: string }[] } }[] }).files;
    expect(judged?.here.failures).toEqual([
      { line: 13, claim: 'never map ..AAAA', found: 'so it is here' },
      { line: 12, claim: 'vmas 1', found: 'vmas 0' },
      { line: 14, claim: '=> ok', found: '=> SIGSEGV' },
    ]);
  });
});
