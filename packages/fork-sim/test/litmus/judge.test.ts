import { describe, expect, it } from 'vitest';
import { KERNEL_PROFILES } from 'vma-core';
import { judgeLitmus } from '../../src/litmus/judgeLitmus.ts';
import { formatKernels, isKernelIn, KERNEL_NAMES, parseKernels } from '../../src/litmus/kernelSet.ts';
import { litmusTest } from '../../src/litmus/litmusTest.ts';
import { parseLitmus, readLitmus } from '../../src/litmus/parseLitmus.ts';

/** The failures of a text on a kernel, a line each. */
function failures(text: string, kernel = '6.19'): string[] {
  const { failures } = judgeLitmus(litmusTest(parseLitmus(text, 'test'), 'test'), kernel);
  return failures.map(({ line, claim, found }) => `${line}: ${claim}; ${found}`);
}

function verdicts(text: string): string {
  const test = litmusTest(parseLitmus(text, 'test'), 'test');
  const sign = { holds: '+', fails: '!', notApplicable: '-' };
  return KERNEL_PROFILES.map((profile) => sign[judgeLitmus(test, profile).verdict]).join('');
}

const EXAMPLE = `# A guard survives an mprotect that merges, and the fork after it
source: the review of the sticky VMA flags series
mmap 2+4 r file0@2 shared
guard 4
mmap 6+4 rw file0@6 shared
mprotect 6+4 r
map     ..AAAAAAAA          # the drawing notation is a claim
flags A has gu
fork child
read 4 => SIGSEGV
[as-posted]: read 4 => ok    # where a kernel differs, the file says so
`;

describe('a litmus file', () => {
  it('says on which kernels its claims hold', () => {
    // 6.12 has no guards, 6.16 and 6.18 no flag; guard-flag does not merge; as-posted loses the flag.
    expect(verdicts(EXAMPLE)).toBe('!!!!!++');
    expect(failures(EXAMPLE, 'as-posted')).toEqual(['8: flags A has gu; flags A are rd sh mr mw me ms']);
    expect(failures(EXAMPLE, '6.12')).toContain('10: => SIGSEGV; => ok');
  });

  it.each([
    ['mmap 4+2 rw\nmap ....AB', 'map ....AB; map ....AA'],
    ['mmap 4+2 rw\nmap ....AA', null],
    ['mmap 4+2 rw\nmap ....ZZ', null],
    ['mmap 4+2 rw\nmap ....AA....', null],
    ['mmap 4+2 rw\nmmap 9+1 rw\nmap ....AA', 'map ....AA; map ....AA...B'],
    ['mmap 4+2 rw\nmmap 9+1 rw\nmap 3: .AA.', null],
    ['mmap 4+2 rw\nmmap 9+1 rw\nmap 9: A', null],
    ['mmap 4+2 rw\nwrite 5\npages ----.A', null],
    ['mmap 4+2 rw\nwrite 5\npages ----AA', 'pages ----AA; pages ----.A'],
    ['mmap 4+2 rw\nwrite 5\npages 5: A-', null],
    ['mmap 4+6 rw\nguard 5+2\nguards 5+2', null],
    ['mmap 4+6 rw\nguard 5+2\nguards 6 5', null],
    ['mmap 4+6 rw\nguard 5+2\nguards none', 'guards none; guards 5+2'],
    ['mmap 4+6 rw\nguards 4', 'guards 4; guards none'],
    ['mmap 4+6 rw\nflags 4 has wr rd', null],
    ['mmap 4+6 rw\nflags 4 lacks sh gu', null],
    ['mmap 4+6 rw\nflags 4 lacks sh rd', 'flags 4 lacks sh rd; flags 4 are rd wr mr mw me ac'],
    ['mmap 4+6 rw\nflags 4 are rd wr mr mw me ac', null],
    ['mmap 4+6 rw\nflags 3 has rd', 'flags 3 has rd; page 3 is in no VMA'],
    ['mmap 4+6 r file0@2\nvma 4 r--p file0@2', null],
    ['mmap 4+6 r file0@2\nvma 4 r--p', null],
    ['mmap 4+6 r file0@2\nvma 4 r--s file0@3', 'vma 4 r--s file0@3; vma 4 r--p file0@2'],
    ['mmap 4+6 rw\nvma 4 rw-p anon', null],
    ['mmap 4+6 rw\nvmas 2', 'vmas 2; vmas 1'],
    ['mmap 4+6 rw\nwrite 4\ntables 12 kB', null],
    ['mmap 4+6 rw\nwrite 4\ntables 4', 'tables 4 kB; tables 12 kB'],
    ['mmap 4+2 rw\nmmap 8+2 r\nwrite 4\nfork\nforked 4 copy\nforked 8 refault', null],
    ['mmap 4+2 rw\nwrite 4\nfork\nmap ....AA\nforked A refault', 'forked A refault; forked A copy'],
    ['mmap 4 rw => ENOMEM', '=> ENOMEM; => ok'],
    ['mmap +2 rw hint=8 => ok at 8', null],
    ['mmap +2 rw hint=8 => ok at 9', '=> ok at 9; => ok at 8'],
    ['mmap 4+2 rw\nread 3+3 => SIGSEGV faults M..', null],
    ['mmap 4+2 rw\nread 3+3 => SIGSEGV faults MM.', '=> SIGSEGV faults MM.; => SIGSEGV faults M..'],
    ['mmap 4+2 rw\nwrite 4\nread 4+2 => reads written zero', null],
    ['mmap 4+2 rw\nwrite 4\nread 4+2 => reads zero', '=> ok reads zero; => ok reads written zero'],
    ['mmap 4+2 r file1\nread 4 => reads 128', null],
    ['mmap 4+2 r file1\nread 4 => reads file0', '=> ok reads file0; => ok reads file1'],
    ['mmap 4+2 rw\nfork as=kid\nkid: write 4\nkid: pages ----A.\nparent: pages ----..\npages ----..', null],
    ['mmap 4+2 rw\nfork\nchild: map ....AA', null],
    ['mmap 4+2 rw\nfork child\nwrite 4\nparent: pages ----..\npages ----A.', null],
    ['never guards 5\nmmap 4+2 rw\nguard 5\nunguard 5', 'never guards 5; so it is here'],
    ['never guards 5\nmmap 4+2 rw\nguard 4', null],
    ['mmap 4+2 rw\nguard 4\nalways vmas 1', null],
    ['always vmas 1\nmmap 4+2 rw\nmunmap 4+2', 'always vmas 1; vmas 0'],
  ])('judges %j', (text, found) => {
    expect(failures(text).map((line) => line.replace(/^\d+: /, ''))).toEqual(found === null ? [] : [found]);
  });

  it('lets a claim for some kernels take the place of a general one', () => {
    expect(verdicts('mmap 4+2 rw\nguard 4 => ok\n[to 6.12]: guard 4 => EINVAL\nguards 4\n[6.12]: guards none')).toBe(
      '+++++++',
    );
    expect(verdicts('mmap 4+2 rw\n[6.12, 6.19]: vmas 2')).toBe('!----!-');
    expect(verdicts('kernels: not 6.12\nmmap 4+2 rw\nguard 4 => ok')).toBe('-++++++');
    expect(verdicts('mmap 4+2 rw')).toBe('-------');
  });

  it('has settings of its kernel', () => {
    const text = 'mmap 0+32 r file0 shared\nread 20';
    expect(failures(`${text}\npages 16: ....F...`)).toEqual([]);
    expect(failures(`fault-around: 16\n${text}\npages 16: FFFFFFFF`)).toEqual([]);
    expect(failures('soft-dirty: on\nmmap 4 rw\nsoft-dirty 4')).toEqual([]);
    expect(failures('mmap 4 rw\nsoft-dirty none')).toEqual([]);
  });

  it.each([
    ['mmap 4+2 rw => ENOPE!', '1:16: "ENOPE!" is no result'],
    ['mmap 4+2 rw =>', '1:13: "=>" says what comes of the call'],
    ['map ..AA', '1:1: a claim stands below the operation'],
    ['mmap 4+2 rw\nmap ..AAbb', '2:5: a claim draws VMAs in upper case'],
    ['mmap 4+2 rw\nmap AABBA', '2:9: A is in two places'],
    ['mmap 4+2 rw\n map', '2:2: map needs more; it is written "map ..AAAABB"'],
    ['mmap 4+2 rw\nflags A has gu', '2:1: no map line below this operation has a VMA A'],
    ['mmap 4+2 rw\nflags 4 got gu', '2:9: "got" must be has, lacks, are'],
    ['mmap 4+2 rw\nguards 5 none', '2:10: "none" must be pages'],
    ['mmap 4+2 rw\nvmas three', '2:6: "three" must be a number'],
    ['mmap 4+2 rw\n[6.20]: vmas 1', '2:2: no profile "6.20"; there are 5.10, 6.1, 6.12'],
    ['mmap 4+2 rw\n[6.19 to 6.12]: vmas 1', '2:2: "6.19" does not come before "6.12"'],
    ['mmap 4+2 rw\n[6.19] vmas 1', '2:1: a colon stands behind the kernels'],
    ['mmap 4+2 rw\n[6.19]: munmap 4', '2:1: an operation runs on every kernel'],
    ['mmap 4+2 rw\n[6.19]: munmap 4 => ok', '2:1: a line with kernels and "=>" says what comes of the operation above'],
    [
      'mmap 4+2 rw => ok\nvmas 1\n[6.19]: mmap 4+2 rw => ok',
      '3:1: what comes of an operation elsewhere stands right below it',
    ],
    ['mmap 4+2 rw\nkid: write 4', '2:1: there is no process "kid" here; there are: parent'],
    ['mmap 4+2 rw\nkid: vmas 1', '2:1: there is no process "kid" here; there are: parent'],
    ['fork\nmunmap 4\nchild: vmas 1', '3:1: there is no process "child" here'],
    ['fork as=kid\nfork as=kid', '2:1: a process "kid" is there already'],
    ['mmap 4+2 rw\nforked 4 copy', '2:1: forked says what a fork decided'],
    ['mmap 4+2 rw\nsource: x', '2:1: "source:" is a header line'],
    ['source: x\nsource: y\nfork', '2:1: "source:" is there twice'],
    ['soft-dirty: yes\nfork', '1:13: "soft-dirty:" must be on or off, not "yes"'],
    ['fault-around: 3\nfork', '1:15: "fault-around:" must be a power of two'],
    ['kernels: from 8\nfork', '1:15: no profile "8"'],
    ['span: 8\nmmap 7+2 rw', "2:6: mmap of pages 7 to 8 reaches past the arena's 8 pages"],
    ['window: a 1+2\nwindow: b 2+2\nfork', '1:1: window "b" overlaps window "a"'],
    ['never munmap 4', '1:7: "never" stands before a claim'],
    ['mmap 4+2 rw; mpa ....', '1:14: no operation "mpa"; there are mmap'],
  ])('says where %j is wrong, and what would be right', (text, problem) => {
    const [first] = readLitmus(text).problems;
    expect(`${first?.line}:${first?.column}: ${first?.message}`).toContain(problem);
  });
});

describe('sets of kernels', () => {
  it.each([
    ['6.16', '6.16'],
    ['from 6.18', '6.18 guard-flag as-posted 6.19 7.3'],
    ['to 6.1, 7.3', '5.10 6.1 7.3'],
    ['6.16 to 6.18', '6.16 6.18'],
    ['not 6.16 to 7.3', '5.10 6.1 6.12'],
  ])('%s is %s', (text, names) => {
    const set = parseKernels(text);
    expect(KERNEL_NAMES.filter((name) => isKernelIn(set, { name })).join(' ')).toBe(names);
    expect(formatKernels(set)).toBe(text);
  });

  it('have a place for kernels between the recorded ones, and none for a profile of no version', () => {
    expect(isKernelIn(parseKernels('from 6.16'), { name: '6.17' })).toBe(true);
    expect(isKernelIn(parseKernels('to 6.16'), { name: '6.17' })).toBe(false);
    expect(isKernelIn(parseKernels('6.16 to 6.18'), { name: '6.17.3' })).toBe(true);
    expect(isKernelIn(parseKernels('not 6.16'), { name: 'mine' })).toBe(false);
  });
});
