import { describe, expect, it } from 'vitest';
import { detectInput, formatMaps, parseSmaps } from '../src/index.ts';
import { fixture, PROGRAMS, programFile } from './readLog.ts';

const FORMS = ['plain', 'f-y', 'f-yy-ttt-T', 'f-X-raw', 'f-X-verbose', 'f-r', 'tt-n', 't-i', 'terminal'];
const smaps = programFile('true', 'initial.smaps');

describe('detectInput', () => {
  it.each(PROGRAMS)('%s: log, smaps and maps', (program) => {
    expect(detectInput(programFile(program, 'trace.strace'))).toBe('strace');
    for (const name of ['initial.smaps', 'final.smaps']) {
      const bytes = programFile(program, name);
      expect(detectInput(bytes)).toBe('smaps');
      expect(detectInput(bytes.subarray(0, 300))).toBe('smaps');
      expect(detectInput(formatMaps(parseSmaps(bytes)))).toBe('maps');
    }
  });

  it.each(FORMS)('the first kilobyte of %s', (form) => {
    expect(detectInput(fixture(form).subarray(0, 1000))).toBe('strace');
  });

  it.each([
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), 'gzip'],
    ['a scenario', '{"id":"a","tags":["x"],"ops":[{"op":"mmap"}]}\n', 'scenario'],
    ['a scenario in many lines', '{\n  "id": "a",\n  "ops": [\n', 'scenario'],
    ['scenarios in an array', '[\n  { "id": "a", "ops": [] }\n]', 'scenario'],
    ['a recording', '{"kind":"header","format":1,"kernel":"6.19.14"}\n{"kind":"scenario","id":"a"}\n', 'recording'],
    ['a record of a scenario', '{"kind":"scenario","id":"a","ops":[],"steps":[]}', 'recording'],
    ['other JSON', '{"a": 1}', 'unknown'],
    ['a log of one process of many', '[pid 7] brk(NULL) = 0x1000\n', 'strace'],
    ['one line of a log', 'brk(NULL) = 0x1000', 'strace'],
    ['a log behind a byte order mark', '\ufeffbrk(NULL) = 0x1000\n', 'strace'],
    ['a log that begins with other lines', 'hello\nworld\n7 +++ exited with 0 +++\n', 'strace'],
    ['nothing', '', 'unknown'],
    ['empty lines', '\n\n', 'unknown'],
    ['prose', 'Lorem ipsum\ndolor (sit) amet = 3\n', 'unknown'],
    ['a program', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 0, 1), 'other'],
    ['binary data', Uint8Array.of(0x7f, 0x45, 0x4c, 0, 0, 1), 'unknown'],
    ['a map behind a prompt', '$ cat /proc/1/maps\n00400000-00401000 r-xp 00000000 08:01 1001    /bin/a\n', 'maps'],
    ['a quoted smaps', '> 00400000-00401000 r-xp 00000000 08:01 1001    /bin/a\n> Size:     4 kB\n', 'smaps'],
    [
      'a log that reads a map',
      'read(3, "00400000-00401000 r-xp 00000000 08:01 1001 /bin/a\\n"..., 1024) = 99\n',
      'strace',
    ],
    ['smaps_rollup', '00400000-7ffd0f5e1000 ---p 00000000 00:00 0      [rollup]\nRss:      64504 kB\n', 'other'],
    ['numa_maps', '55e7e42ee000 default file=/usr/bin/sleep mapped=2 N0=2 kernelpagesize_kB=4\n', 'other'],
    ['pmap -x', 'Address           Kbytes     RSS   Dirty Mode  Mapping\n', 'other'],
    ['gdb', '          Start Addr           End Addr       Size     Offset  Perms  objfile\n', 'maps'],
    ['an older gdb', '          Start Addr           End Addr       Size     Offset objfile\n', 'other'],
    ['maps of one line', new TextDecoder().decode(smaps).split('\n')[0]!, 'maps'],
  ])('%s', (_, head, kind) => {
    expect(detectInput(head)).toBe(kind);
  });
});
