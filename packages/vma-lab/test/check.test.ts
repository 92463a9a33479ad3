import { describe, expect, it } from 'vitest';
import { cli, file } from './cli.ts';

describe('vma-lab check', () => {
  it('prints a counterexample as a file that run takes, with what is broken, and status 1', async () => {
    const { status, out } = await cli(['check', '--profile', 'as-posted', '--ascii']);
    expect(status).toBe(1);
    expect(out).toContain(
      '# broken on as-posted by 4 calls: guard-flag\n# A guard lies in a VMA that says it may hold one.\n',
    );
    expect(out).toContain('# page 1 lies in the VMA 0 to 1 (file0): rd mr mw me ac\n');
    expect(out).toContain('# playground#v0.as-posted:mmap%200%2B2%20rw%20file0;');
    const calls = 'mmap 0+2 rw file0\nmprotect 1+1 r\nmadvise 1+1 GUARD_INSTALL\nmprotect 0+1 r\n';
    const claims = ['map AA', 'guards 1', 'flags A are rd mr mw me ac'].map((claim) => `[as-posted]: ${claim}\n`);
    expect(out.endsWith(`\n\n${calls}${claims.join('')}`)).toBe(true);
    const again = await cli(['run', '-', '--kernel', 'as-posted'], { stdin: out });
    expect(again.status).toBe(0);
    expect(again.out).toContain('mprotect 0+1 r');
  });

  it.each([
    ['6.16', ['--ops', 'moves', '--pages', '3']],
    ['6.12', ['--ops', 'softDirty', '--pages', '2']],
  ])('a counterexample on %s is a litmus file whose claims hold', async (kernel, args) => {
    const found = await cli(['check', '--profile', kernel, ...args, '--ascii']);
    const { status, out } = await cli(['litmus', '-', '--kernel', kernel, '--ascii'], { stdin: found.out });
    expect([found.status, status]).toEqual([1, 0]);
    expect(out).toMatch(/[1-9]\d* claims looked at: ok holds 1/);
  });

  it('prints the program in C, or everything as JSON', async () => {
    const args = ['check', '--profile', 'as-posted', '--ops', 'guards', '--pages', '2'];
    expect((await cli([...args, '--c'])).out).toMatch(/^\/\/ Makes the calls .*\n(.*\n)*.*madvise\(/);
    const { explored, kind, property, path } = JSON.parse((await cli([...args, '--json'])).out);
    expect([explored, kind, property, path.length]).toEqual([undefined, 'counterexample', 'guard-flag', 4]);
  });

  it('says what it has tried, and no more', async () => {
    const closed = await cli(['check', '--profile', '6.19', '--ops', 'guards', '--pages', '2']);
    expect(closed).toMatchObject({ status: 0, err: '' });
    expect(closed.out).toMatch(
      /^closed: no sequence of any length over 2 pages with these calls \(guards, 2 pages\): \d+ states, [\d,]+ calls made, [\d.]+ MiB of 1,024 MiB for states; states kept as hashes, two alike with odds of 1 in \d \* 10\^\d+ \(--exact: none\)\n$/,
    );
    const bounded = await cli(['check', '--ops', 'guards', '--pages', '3', '--depth', '2']);
    expect(bounded.out).toMatch(/^none to depth 2 at 3 pages \(guards, 3 pages\): \d+ states, \d+ calls made, /);
    const exact = await cli(['check', '--ops', 'guards', '--pages', '2', '--exact', '--memory', '512M']);
    expect(exact.out).toMatch(/^closed: .* MiB of 512 MiB for states; states kept whole\n$/);
    const counted = /[\d,]+ states, [\d,]+ calls/;
    expect(counted.exec(exact.out)?.[0]).toBe(counted.exec(closed.out)?.[0]);
  });

  it('takes a profile of one’s own', async () => {
    const own = file('own.json', '{ "name": "own", "from": "6.19", "sticky": ["SOFTDIRTY"] }');
    const { status, out } = await cli(['check', '--profile', own]);
    expect(status).toBe(1);
    expect(out).toContain('# broken on own by 4 calls: guard-flag');
    // What the changed field concerns is tried first, and what was tried is said.
    expect(out).toContain(
      '# searched: anonRw,fileRw,munmap,grow,GUARD_INSTALL,protR,protRw, 2 pages; no shorter sequence',
    );
    expect(out).not.toContain('playground#');
  });

  it('compares two kernels', async () => {
    const args = [
      'check',
      '--profile',
      '6.19',
      '--vs',
      'guard-flag',
      '--property',
      'merges',
      '--ops',
      'guards',
      '--pages',
      '2',
    ];
    const { status, out } = await cli(args);
    expect(status).toBe(1);
    expect(out).toContain('# broken on 6.19 against guard-flag by 3 calls: merges');
    expect(out).toContain('# guard-flag: page ');
  });

  it.each([
    [['--ops', 'mmap'], 'no kind of call "mmap"'],
    [['--property', 'guards'], '--property is one of pages, flags'],
    [['--vs', '6.18', '--property', 'pages'], '--property with --vs is one of program'],
    [['--pages', '17'], '--pages is a whole number from 1 to 16'],
    [['--memory', 'much'], '--memory is a size'],
    [['--profile', '9.x'], '9.x'],
    [['--profile', '/no/such.json'], '/no/such.json:1:1: cannot be read'],
    [['--profile', file('bad.json', '{ "stickie": [] }')], 'no field "stickie"'],
    [['--profile', file('worse.json', '{')], 'worse.json'],
  ])('refuses %j', async (args, message) => {
    const { status, err } = await cli(['check', ...args]);
    expect(status).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toContain('internal error');
  });
});

describe('vma-lab decide', () => {
  it('says how many decisions of two kernels differ, and why, with an example', async () => {
    const { status, out } = await cli(['decide', '--kernel', 'guard-flag,as-posted']);
    expect(status).toBe(0);
    expect(out).toMatch(
      /^guard-flag and as-posted {2}differ in [\d,]+ of [\d,]+ merge decisions\n +[\d,]+ {2}guard-flag refuses by vmFlags\n/,
    );
  });

  it('has no cause where two kernels merge alike', async () => {
    const { out } = await cli(['decide', '--kernel', '6.18,guard-flag', '--json']);
    expect(JSON.parse(out)).toMatchObject({ kernels: ['6.18', 'guard-flag'], differ: 0, groups: [] });
  });

  it('takes two kernels', async () => {
    const { status, err } = await cli(['decide', '--kernel', '6.18']);
    expect([status, err]).toEqual([2, 'vma-lab: --kernel takes two kernels, with a comma between them\n']);
  });
});
