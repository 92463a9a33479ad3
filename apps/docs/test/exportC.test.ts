import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportC, type Op, type Trace, traceScenario } from 'fork-sim';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseKernelProfile, type KernelProfile } from 'vma-core';
import { EXAMPLES } from '../src/content/examples.ts';
import { traceLines } from '../src/engine.ts';

const COMPILER = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0) ?? null;
const RUNS = process.platform === 'linux' && process.arch === 'x64' && COMPILER !== null;
/** The profile of the running kernel; elsewhere the newest that was measured. */
const PROFILE: KernelProfile = chooseKernelProfile(process.platform === 'linux' ? release() : '6.19').profile;
const HOW = RUNS
  ? `compiled by ${COMPILER} and run on ${release()}, profile ${PROFILE.name}`
  : 'NOT RUN HERE (no compiler, or not Linux on x86-64): its text alone';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vma-lab-c-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
  const ran = spawnSync(binary, { encoding: 'utf8', timeout: 50_000 });
  return { status: ran.status, said: ran.stdout };
}

describe(`the C program of an example, ${HOW}`, () => {
  it.each(EXAMPLES)('$id', ({ id, lines, softDirty = false }) => {
    const trace = traceLines(id, lines, { profile: PROFILE, softDirty });
    const program = inC(trace);
    const last = trace.steps.at(-1);
    for (const vma of last?.state.vmas ?? []) {
      if (trace.scenario.ops.at(-1)?.op !== 'fork')
        expect(program).toContain(`{ ${vma.start}, ${vma.end}, "${vma.perms}"`);
    }
    expect(program).not.toContain('not written by this export');
    if (!RUNS) return;
    const { status, said } = run(id, program);
    expect(said).toMatch(/This kernel and the model \([\w.-]+\) agree: \d+ VMAs\.\n$/);
    expect(status).toBe(0);
    // Each step that fails in the model fails on the kernel, and no other.
    const failed = trace.steps.filter(({ record }) => /^E[A-Z]/.test(record.res)).length;
    expect(said.match(/ = -1 /g)?.length ?? 0).toBe(failed);
  });
});

describe(`operations that no example has, ${HOW}`, () => {
  const mmap: Op = { op: 'mmap', page: 4, pages: 8, prot: 'rw' };
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
    ['parent-exits', [mmap, { op: 'fork', continueIn: 'child' }, { op: 'munmap', page: 6, pages: 1 }]],
  ];
  it.each(cases)('%s', (name, ops) => {
    const program = inC(traceScenario({ id: name, ops }, { profile: PROFILE }));
    expect(program).toContain('int main(void)');
    if (!RUNS) return;
    expect(run(name, program)).toMatchObject({ status: 0, said: expect.stringContaining(' agree: ') });
  });

  it('a model that is wrong is found out', () => {
    const trace = traceScenario({ id: 'x', ops: [mmap] }, { profile: PROFILE });
    const program = inC(trace).replace('{ 4, 12, "rw-p"', '{ 4, 13, "rw-p"');
    if (!RUNS) {
      expect(program).toContain('{ 4, 13, "rw-p"');
      return;
    }
    const { status, said } = run('wrong', program);
    expect(status).toBe(1);
    expect(said).toContain('differs: the kernel has pages 4 to 11 rw-p');
  });

  it('what the export cannot write is said in its place', () => {
    const trace = traceScenario({ id: 'x', ops: [{ op: 'set_brk', page: 3 }] }, { profile: PROFILE });
    expect(inC(trace)).toContain('// set_brk: not written by this export');
  });
});
