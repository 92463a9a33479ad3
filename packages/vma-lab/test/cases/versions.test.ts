import { describe, expect } from 'vitest';
import { cli, file as fileOf } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

interface RunStep {
  readonly vmas: readonly unknown[];
  readonly res: string;
  readonly child?: { readonly pages: string };
}

/** What is read of `replay --json`. */
interface Report {
  readonly kernels: readonly { readonly processes: readonly { readonly places: { readonly wrong: number } }[] }[];
}

const FAULTED_UNFAULTED = 'field/05-mremap-faulted-unfaulted';

/** The three scenarios of the mremap fix, as `run` answers them on a kernel: VMAs of the last step, and the moved page in the child. */
async function merged(kernel: string): Promise<readonly (readonly [vmas: number, page: string])[]> {
  const { out } = await cli(['run', caseFile(`${FAULTED_UNFAULTED}.jsonl`), '--kernel', kernel, '--json']);
  const lines = out.trimEnd().split('\n').slice(1);
  return lines.map((line) => {
    const last = (JSON.parse(line) as { readonly steps: readonly RunStep[] }).steps.at(-1) as RunStep;
    return [last.vmas.length, last.child?.pages.replaceAll(/[ .]/g, '') ?? ''];
  });
}

/** What `run` answers to a scenario in the notation, a word a call. */
async function results(kernel: string, program: readonly string[]): Promise<readonly RunStep[]> {
  const { out } = await cli(['run', '-', '--kernel', kernel, '--json'], { stdin: `${program.join('\n')}\n` });
  const [, line = ''] = out.split('\n');
  return (JSON.parse(line) as { readonly steps: readonly RunStep[] }).steps;
}

/** A log of one program, replayed. */
async function replayed(
  kernel: string,
  log: readonly string[],
): Promise<{ readonly out: string; readonly report: Report }> {
  const file = fileOf('log.strace', `${log.join('\n')}\n`);
  const { out: drawn } = await cli(['replay', file, '--kernel', kernel, '--ascii']);
  const out = drawn.replaceAll(/\s+/g, ' ');
  const json = await cli(['replay', file, '--kernel', kernel, '--json']);
  return { out, report: JSON.parse(json.out) as Report };
}

describe('what a patch level says', () => {
  const right =
    '2 VMAs in all three; the child keeps the moved page from 6.18.8 on, loses it on 6.16, 6.17 and 6.18.0 to 6.18.7; apart on 6.12';
  rightCase(
    `${FAULTED_UNFAULTED}.jsonl`,
    { right, before: '6.18.3 took the rules of 6.18.15, as measured' },
    async () => {
      const keeps = await merged('6.18.44');
      expect(keeps.map(([vmas]) => vmas)).toEqual([2, 2, 2]);
      for (const [, page] of keeps) expect(page).toBe('a');
      for (const kernel of ['6.18.8', '6.18.36', '6.19', '7.3'])
        expect([kernel, await merged(kernel)]).toEqual([kernel, keeps]);
      const loses = keeps.map(([vmas]) => [vmas, '']);
      for (const kernel of ['6.16', '6.17.4', '6.18.0', '6.18.3', '6.18.7']) {
        expect([kernel, await merged(kernel)]).toEqual([kernel, loses]);
      }
      for (const [vmas] of await merged('6.12')) expect(vmas).toBeGreaterThan(2);
    },
  );

  rightCase(
    '--kernel 6.18.3',
    { right: 'not measured, and the note says what is known of it', before: '"6.18.3: profile 6.18", measured' },
    async () => {
      const { out } = await cli(['run', caseFile(`${FAULTED_UNFAULTED}.jsonl`), '--kernel', '6.18.3']);
      expect(out).toContain('6.18.3: profile 6.18.0, not measured: the rules of 6.18.0 to before 6.18.8');
    },
  );
});

describe('kernels before 6.12', () => {
  const STACK = 'mmap 2+8 rw stack';
  rightCase(
    'a thread stack (MAP_STACK) on 5.10, 5.15, 6.1 and 6.6',
    { right: 'no nh: MAP_STACK sets VM_NOHUGEPAGE from 6.7 on', before: 'nh, and so apart from plain mappings' },
    async () => {
      const vmas = async (kernel: string): Promise<number> =>
        (await results(kernel, [STACK, 'mmap 10+4 rw'])).at(-1)?.vmas.length ?? 0;
      for (const kernel of ['5.10', '5.15.0-130-generic', '6.1', '6.6.51'])
        expect([kernel, await vmas(kernel)]).toEqual([kernel, 1]);
      for (const kernel of ['6.7', '6.8.0-45-generic', '6.12'])
        expect([kernel, await vmas(kernel)]).toEqual([kernel, 2]);
    },
  );

  rightCase(
    'mprotect of memory that was never written, there and back',
    { right: 'before 6.7 it stays accounted, so it is one VMA again', before: 'lost VM_ACCOUNT as from 6.7 on' },
    async () => {
      const program = ['mmap 10+8 rw', 'mprotect 14+4 r', 'mmap 18+4 r'];
      const flags = async (kernel: string): Promise<string> =>
        JSON.stringify((await results(kernel, program)).at(-1)?.vmas);
      expect(await flags('6.1')).toContain('"rd mr mw me ac');
      expect(await flags('6.12')).not.toContain('"rd mr mw me ac');
    },
  );

  rightCase(
    'calls and advice that a kernel does not have',
    { right: 'ENOSYS or EINVAL, as recorded on 5.10.223 and 6.1.176', before: 'they succeeded' },
    async () => {
      const program = ['mmap 10+4 rw', 'mseal 10+1', 'madvise 10+1 POPULATE_READ', 'madvise 10+1 DONTNEED_LOCKED'];
      const said = async (kernel: string): Promise<readonly string[]> =>
        (await results(kernel, program)).map(({ res }) => res);
      expect(await said('5.10')).toEqual(['ok', 'ENOSYS', 'EINVAL', 'EINVAL']);
      expect(await said('5.15')).toEqual(['ok', 'ENOSYS', 'ok', 'EINVAL']);
      expect(await said('6.1')).toEqual(['ok', 'ENOSYS', 'ok', 'ok']);
      expect(await said('6.12')).toEqual(['ok', 'ok', 'ok', 'ok']);
    },
  );

  rightCase(
    'a mapping of 3 MiB on 6.6, 6.8 and 6.12',
    { right: 'at a 2 MiB boundary from 6.7 to 6.11 only', before: 'as on 6.12' },
    async () => {
      // 3 MiB right below an earlier mapping, and at the 2 MiB boundary below that.
      const log = (addr: string): readonly string[] => [
        '1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7ffff7ff0000',
        `1 mmap(NULL, 3145728, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = ${addr}`,
      ];
      const wrong = async (kernel: string, addr: string): Promise<number | undefined> =>
        (await replayed(kernel, log(addr))).report.kernels[0]?.processes[0]?.places.wrong;
      for (const kernel of ['5.15', '6.6', '6.12'])
        expect([kernel, await wrong(kernel, '0x7ffff7cf0000')]).toEqual([kernel, 0]);
      expect(await wrong('6.8', '0x7ffff7cf0000')).toBe(1);
      expect(await wrong('6.8', '0x7ffff7c00000')).toBe(0);
    },
  );

  const LOG = ['1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7ffff7ff0000'];
  rightCase(
    'a log, replayed as the kernel of a distribution',
    {
      right: 'which profile, on what it rests, and what the name leaves open',
      before: 'profile 6.12, the lowest that was',
    },
    async () => {
      expect((await replayed('5.15.0-130-generic', LOG)).out).toContain(
        "5.15.0-130-generic: profile 5.15, not measured: the rules of 5.15 to before 5.15.190, by the source's history",
      );
      const debian = (await replayed('6.1.0-41-amd64', LOG)).out;
      expect(debian).toContain('6.1.0-41-amd64: profile 6.1, not measured: the rules of 6.1.176');
      expect(debian).toContain('the name does not give the patch level: only from 6.1.149 on');
      const given = '6.1.0-41-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.158-1 (2025-11-09)';
      expect((await replayed(given, LOG)).out).not.toContain('not measured');
      expect((await replayed('4.18.0-553.el8_10.x86_64', LOG)).out).toContain('takes profile 5.10, the nearest');
    },
  );

  rightCase(
    'field/12-jvm-thread-guards: guard markers, on 5.15',
    { right: '5.15 has no guard markers: the what-if names the kernel it is of', before: 'as if 5.15 had them' },
    async () => {
      const named = 'on 6.19: 5.15 has no guard markers';
      const maps = caseFile('field/12-jvm-thread-guards.final.smaps');
      const words = async (args: readonly string[]): Promise<string> =>
        (await cli([...args, '--ascii'])).out.replaceAll(/\s+/g, ' ');
      expect(await words(['smaps', maps, '--kernel', '5.15'])).toContain(`as guard markers (${named}) 223`);
      expect(await words(['smaps', maps, '--kernel', '6.19'])).not.toContain('has no guard markers');
      const log = caseFile('field/12-jvm-thread-guards.strace');
      expect(await words(['replay', log, '--kernel', '5.15'])).toContain(`were markers (${named}): 200`);
    },
  );
});
