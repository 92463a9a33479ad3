import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { exportC, type Op, type Trace, traceScenario } from 'fork-sim';
import { beforeAll, describe, expect, it } from 'vitest';
import type { KernelProfile } from 'vma-core';
import { chooseKernelProfile } from 'vma-core/changes';
import { tempFolder } from '../../../scripts/tempFolder.mjs';
import { EXAMPLES } from '../src/content/examples.ts';
import { traceLines } from '../src/engine.ts';
import { ownFrom, ownKernel } from '../src/link/ownKernel.ts';

const COMPILER = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0) ?? null;
const RUNS = process.platform === 'linux' && process.arch === 'x64' && COMPILER !== null;
/** The profile of the running kernel; elsewhere the newest that was measured. */
const PROFILE: KernelProfile = chooseKernelProfile(process.platform === 'linux' ? release() : '6.19').profile;
const HOW = RUNS
  ? `compiled by ${COMPILER} and run on ${release()}, profile ${PROFILE.name}`
  : 'NOT RUN HERE (no compiler, or not Linux on x86-64): its text alone';

let folder: string;
beforeAll(() => {
  folder = tempFolder('vma-lab-c-');
});

function inC({ scenario, steps, profile }: Trace): string {
  return exportC(
    scenario,
    steps.map(({ record }) => record),
    profile,
  );
}

/** Compiles and runs a program: how it ended, and what it said. */
function run(name: string, program: string): { readonly status: number | null; readonly said: string } {
  const source = join(folder, `${name}.c`);
  const binary = join(folder, name);
  writeFileSync(source, program);
  const compiled = spawnSync(COMPILER ?? '', ['-O1', '-Wall', '-Werror', '-o', binary, source], { encoding: 'utf8' });
  expect(compiled.stderr).toBe('');
  const ran = spawnSync(binary, { encoding: 'utf8', timeout: 200_000 });
  return { status: ran.status, said: ran.stdout };
}

describe(`the C program of an example, ${HOW}`, () => {
  it.each(EXAMPLES)('$id', ({ id, lines, softDirty = false }) => {
    const trace = traceLines(id, lines, { profile: PROFILE, softDirty });
    const program = inC(trace);
    const last = trace.steps.at(-1);
    for (const vma of last?.state.vmas ?? []) expect(program).toContain(`{ ${vma.start}, ${vma.end}, "${vma.perms}"`);
    expect(program).not.toContain('not written by this export');
    if (!RUNS) return;
    const { status, said } = run(id, program);
    expect(said).toContain(`agree at all ${trace.steps.length} steps: results, signals, bytes read and maps.\n`);
    expect(status).toBe(0);
    // Each step that fails in the model fails on the kernel, and no other.
    const failed = trace.steps.filter(({ record }) => /^E[A-Z]/.test(record.res)).length;
    expect(said.match(/ = -1 /g)?.length ?? 0).toBe(failed);
  });
});

const mmap: Op = { op: 'mmap', page: 4, pages: 8, prot: 'rw' };

describe(`operations that no example has, ${HOW}`, () => {
  const cases: readonly (readonly [name: string, ops: readonly Op[]])[] = [
    ['sysv', [{ op: 'mmap', page: 4, pages: 4, prot: 'rw', backing: 'sysv' }]],
    ['setname', [mmap, { op: 'setname', page: 6, pages: 2, name: 'heap' }]],
    [
      'opened-twice',
      [0, 1].map(
        (at) =>
          ({
            op: 'mmap',
            page: 4 + 2 * at,
            pages: 2,
            prot: 'r',
            pgoff: 2 * at,
            shared: true,
            backing: at ? 'file0b' : 'file0',
          }) as const,
      ),
    ],
    ['mlock', [mmap, { op: 'mlock', page: 4, pages: 2 }, { op: 'munlock', page: 4, pages: 1 }]],
    [
      'parent-exits',
      [mmap, { op: 'fork', continueIn: 'child', parentExits: true }, { op: 'munmap', page: 6, pages: 1 }],
    ],
    [
      'forks-in-forks',
      [
        mmap,
        { op: 'fork', childLives: true },
        { op: 'fork', continueIn: 'child' },
        { op: 'touch', page: 4, pages: 4, access: 'write' },
        { op: 'fork', childLives: true },
        { op: 'fork', continueIn: 'child', parentExits: true },
        { op: 'touch', page: 4, pages: 2, stride: 3, access: 'read' },
      ],
    ],
    ['elsewhere', [mmap, { op: 'mmap', anywhere: true, pages: 2, prot: 'r' }, { op: 'munmap', page: 4, pages: 1 }]],
    [
      'moves',
      [
        mmap,
        { op: 'mmap', page: 12, pages: 2, prot: 'r', backing: 'file1' },
        { op: 'mremap', page: 4, pages: 4, newPages: 9, mayMove: true },
        { op: 'mremap', page: 12, pages: 2, newPages: 2, newPage: 20 },
        { op: 'touch', page: 20, pages: 3, access: 'read' },
      ],
    ],
    [
      'userfaultfd',
      [
        mmap,
        { op: 'uffd_register', page: 4, pages: 4, mode: 'wp', unpopulated: true, async: true },
        { op: 'uffd_wp', page: 5, pages: 2, on: true },
        { op: 'uffd_unregister', page: 4, pages: 4 },
      ],
    ],
    [
      'a write that a userfaultfd would be told of',
      [
        mmap,
        { op: 'touch', page: 4, pages: 4, access: 'write' },
        { op: 'uffd_register', page: 4, pages: 4, mode: 'wp' },
        { op: 'uffd_wp', page: 5, pages: 2, on: true },
        { op: 'touch', page: 4, pages: 4, access: 'write' },
      ],
    ],
  ];
  it.each(cases)('%s', (name, ops) => {
    const program = inC(traceScenario({ id: name, ops }, { profile: PROFILE }));
    expect(program).toContain('int main(void)');
    if (!RUNS) return;
    expect(run(name.replaceAll(' ', '-'), program)).toMatchObject({
      status: 0,
      said: expect.stringContaining(' agree at all '),
    });
  });
});

/** Scenarios in which a model that is wrong in one thing ends with the right map. */
describe(`a model that is wrong is found out, ${HOW}`, () => {
  const guarded = 'mmap 2+4 r file0@2 shared\nguard 4\n';
  const mistaken = (lines: string, mistake: (program: string) => string): string => {
    const program = inC(traceLines('x', lines, { profile: PROFILE }));
    const wrong = mistake(program);
    expect(wrong).not.toBe(program);
    return wrong;
  };
  const wrongModels: readonly (readonly [name: string, program: () => string, says: string])[] = [
    [
      'the map at the end',
      () => mistaken('mmap 4+8 rw', (program) => program.replace('{ 4, 12, "rw-p"', '{ 4, 13, "rw-p"')),
      'differs: the kernel has pages 4 to 11 rw-p',
    ],
    [
      'a map on the way',
      () => mistaken('mmap 4+8 rw\nmunmap 4+8', (program) => program.replace('{ 4, 12, "rw-p"', '{ 4, 13, "rw-p"')),
      'differ at 1 of 2 steps',
    ],
    [
      'the offset in a file',
      () => mistaken('mmap 2+4 r file0@2', (program) => program.replace('"r--p", 2,', '"r--p", 3,')),
      'differ at 1 of 1 steps',
    ],
    [
      'the map of a child that ends',
      () =>
        mistaken('mmap 2+4 rw\nmmap 8+1 r\nmadvise 8+1 DONTFORK\nfork', (program) =>
          program.replace(/(\.child = .*\n.*)2, 6,/, '$12, 7,'),
        ),
      'step 4 differs: fork()',
    ],
    [
      'a result',
      () => mistaken('mmap 4+2 r\nmprotect 4+8 rw', (program) => program.replace('.error = ENOMEM', '.error = 0')),
      "differs: the model's answer is ok",
    ],
    [
      'which error it is',
      () => mistaken('mmap 4+2 r\nmprotect 4+8 rw', (program) => program.replace('.error = ENOMEM', '.error = EINVAL')),
      "differs: the model's answer is Invalid argument",
    ],
    [
      'a signal, and the page it is at',
      () => mistaken('mmap 4+2 r\nread 5+2', (program) => program.replace('.signals = ".M"', '.signals = "M."')),
      'differs: page 5: the model has signal M',
    ],
    [
      'a byte that is read',
      () => mistaken('mmap 4+2 rw\nwrite 4+1\nread 4+2', (program) => program.replace('{ 2, 0 }', '{ 2, 7 }')),
      'differs: page 5: the kernel reads 0, the model 7',
    ],
  ];
  it.each(wrongModels)('%s', (name, program, says) => {
    const text = program();
    if (!RUNS) return;
    const { status, said } = run(name.replaceAll(/\W/g, '-'), text);
    expect(said).toContain(says);
    expect(status).toBe(1);
  });

  it('a kernel of one’s own that forgets a guard at a fork: the map is right, the signal is not', () => {
    const own = ownKernel({ ...ownFrom('6.19'), needsCopyDst: ['uw', 'pf', 'mm'] });
    if ('error' in own) throw new Error(own.error);
    const trace = traceLines('own', `${guarded}fork child\nread 4`, { profile: own.profile });
    expect(trace.steps.at(-1)?.record.res).toBe('ok');
    if (!RUNS || PROFILE.name !== '6.19') return;
    const { status, said } = run('forgets', inC(trace));
    expect(said).toContain('page 4: SIGSEGV (SEGV_MAPERR)');
    expect(said).not.toContain('agree');
    expect(status).toBe(1);
  });

  it('a program that cannot make all calls does not say that it agrees', () => {
    const trace = traceLines('x', { id: 'x', ops: [{ op: 'set_brk', page: 3 }, mmap] }, { profile: PROFILE });
    const program = inC(trace);
    expect(program).toContain('// set_brk: not written by this export');
    if (!RUNS) return;
    const { status, said } = run('left-out', program);
    expect(said).toContain('From step 1 on nothing is compared');
    expect(said).not.toContain('agree');
    expect(status).toBe(2);
  });
});
