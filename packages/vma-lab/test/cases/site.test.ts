import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import type { ReplayReport } from '../../src/index.ts';
import { cli, file, programFile } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

describe('scenarios that cannot be', () => {
  rightCase(
    'hostile/win.jsonl',
    { right: 'an error with its place: a window cannot be called __proto__', before: 'internal error: a TypeError' },
    async () => {
      const { status, err } = await cli(['run', caseFile('hostile/win.jsonl')]);
      expect(status).toBe(2);
      expect(err).toMatch(/win\.jsonl:1:\d+: window "__proto__" cannot have this name/);
    },
  );
});

const LOG = programFile('guard-pool', 'trace.strace');

async function firstOf(args: readonly string[]) {
  const { out } = await cli(['replay', ...args, '--kernel', '6.18', '--json']);
  const first = (JSON.parse(out) as ReplayReport).kernels[0]?.processes[0];
  if (first === undefined) throw new Error('no process');
  return first;
}

describe('VMAs that a log does not show', () => {
  rightCase(
    'a log from its execve on, without smaps (guard-pool)',
    {
      right: 'at least 18 at the peak, and those of execve; the real peak is 32',
      before: '0 at the start, 18 at the peak',
    },
    async () => {
      expect(await firstOf([LOG])).toMatchObject({ unseen: 'exec', vmas: { peak: 18 } });
      const { out } = await cli(['replay', LOG]);
      expect(out).toMatch(/VMAs +at least 18 at the peak .*besides those that execve maps itself/s);
      expect(out).not.toContain('0 at the start');
    },
  );

  rightCase(
    'the same with the smaps of its beginning',
    { right: '12 at the start, 32 at the peak', before: 'the same' },
    async () => {
      const args = [LOG, '--initial', programFile('guard-pool', 'initial.smaps')];
      expect(await firstOf(args)).toMatchObject({ unseen: null, vmas: { start: 12, peak: 32 } });
      expect((await cli(['replay', ...args])).out).toMatch(/VMAs +12 at the start, 32 at the peak/);
    },
  );

  rightCase(
    'a log of a process that ran already',
    { right: 'at least 1, besides what was mapped before', before: '1 at the peak' },
    async () => {
      const log = file(
        'ran.strace',
        'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000\n',
      );
      expect(await firstOf([log])).toMatchObject({ unseen: 'before', vmas: { peak: 1 } });
      expect((await cli(['replay', log])).out).toMatch(
        /at least 1 at the peak.* besides what was mapped before the\s+log begins/s,
      );
    },
  );
});

describe('a check mark stands over nothing that was not judged', () => {
  const args = ['--initial', programFile('guard-pool', 'initial.smaps')];
  const text = readFileSync(LOG, 'utf8');

  rightCase('a log that was read whole', { right: 'all as the log says', before: 'the same' }, async () => {
    expect((await firstOf([LOG, ...args])).verdict).toMatchObject({ kind: 'same', unread: 0, wrong: 0 });
    expect((await cli(['replay', LOG, ...args])).out).toMatch(/results +✓ all 144 calls ended as the log says/);
  });

  rightCase(
    'a log of which each line was cut after 45 characters',
    { right: 'no verdict over lines that were not read', before: '✓ all calls ended as the log says' },
    async () => {
      const log = file('cut.strace', text.replaceAll(/^(.{45}).*$/gm, '$1'));
      const { verdict } = await firstOf([log, ...args]);
      expect(verdict.kind).not.toBe('same');
      expect(verdict.unread).toBeGreaterThan(100);
      const { out } = await cli(['replay', log, ...args]);
      expect(out).not.toContain('✓');
      expect(out).toMatch(/not judged: 1\d\d lines that could not be read|no call to compare/);
    },
  );

  rightCase(
    'calls on memory that the log does not show',
    { right: 'what was judged is as the log says; 2 calls were not', before: '✓ all calls' },
    async () => {
      expect((await firstOf([LOG])).verdict).toMatchObject({ kind: 'open', unknownMemory: 2 });
      const { out } = await cli(['replay', LOG]);
      expect(out).toContain('not judged: 2 calls on memory that the log does not show');
      expect(out).not.toContain('✓');
    },
  );
});
