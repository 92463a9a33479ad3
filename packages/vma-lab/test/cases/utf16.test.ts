import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createForkSim } from 'fork-sim/same-thread';
import { describe, expect } from 'vitest';
import { cli, file } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

const PATH = caseFile('field/24-mremap-merge-student.strace');
const MAPS = ['initial', 'final'].map((which) => caseFile(`field/24-mremap-merge-student.${which}.smaps`));

/** A text as Windows saves it. */
function utf16(text: string, order: 'LE' | 'BE', mark: boolean): Buffer {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text.replaceAll('\n', '\r\n')}`, 'utf16le');
  return order === 'LE' ? bytes : bytes.swap16();
}

const FORMS = (['LE', 'BE'] as const).flatMap((order) => [true, false].map((mark) => ({ order, mark })));

describe('text in UTF-16', () => {
  for (const { order, mark } of FORMS) {
    rightCase(
      `field/24-mremap-merge-student in UTF-16${order}, ${mark ? 'with' : 'without'} a byte order mark, its maps too`,
      { right: 'read as it is', before: 'named, and not read' },
      async () => {
        const of = (path: string): string =>
          file(`${order}${mark}-${basename(path)}`, utf16(readFileSync(path, 'utf8'), order, mark));
        const [initial = '', final = ''] = MAPS;
        const given = ['--initial', of(initial), '--final', of(final), '--kernel', '6.18', '--json'];
        const plain = ['--initial', initial, '--final', final, '--kernel', '6.18', '--json'];
        const [one, other] = await Promise.all([cli(['replay', of(PATH), ...given]), cli(['replay', PATH, ...plain])]);
        expect(one.status).toBe(other.status);
        const [got, right] = [one, other].map(({ out }) => JSON.parse(out).kernels[0].processes[0]);
        expect(got).toEqual({ ...right, final: { ...right.final, file: got.final.file } });
      },
    );
  }

  rightCase(
    'a packed log in UTF-16, scenarios in UTF-16, a log with characters that take two units',
    { right: 'read', before: 'named, and not read' },
    async () => {
      const line =
        '1 openat(AT_FDCWD, "/tmp/😀é", O_RDONLY) = 3\n1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f0000000000\n';
      const packed = file('packed.gz', gzipSync(utf16(line, 'LE', true)));
      expect((await cli(['replay', packed, '--json'])).status).toBe(0);
      const scenario = file('some.jsonl', utf16('{"id":"a","ops":[["mmap",0,4,"rw"]]}\n', 'BE', true));
      expect((await cli(['run', scenario])).err).not.toMatch(/UTF-16|binary/);
    },
  );

  rightCase('the same in the worker', { right: 'read', before: 'an error' }, async () => {
    const sim = createForkSim();
    const source = new Blob([new Uint8Array(utf16(readFileSync(PATH, 'utf8'), 'LE', true))]);
    const { unread, calls } = await sim.loadStrace({ source });
    await sim.dispose();
    expect([unread, calls > 10]).toEqual([0, true]);
  });
});
