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
    ['a litmus file', '# A title\nsource: a mail\n\nmmap 4+2 rw => ok\nmap ....AA\n', 'litmus'],
    ['operations alone', 'mmap 2+4 r file0@2 shared\nguard 4\n', 'litmus'],
    ['operations of several processes', 'fork as=kid\nkid: write 4  # there\n', 'litmus'],
    ['prose with a number', 'there are 4 of them\nand they fork often\n', 'unknown'],
    ['a table', 'total 12\nname 4 5 6.7%\n', 'unknown'],
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
    ['UTF-16 with a mark', Uint8Array.of(0xff, 0xfe, 0x31, 0, 0x20, 0), 'other'],
    ['UTF-16 without one', Uint8Array.of(0x31, 0, 0x20, 0, 0x62, 0), 'other'],
    ['UTF-16 of the other order', Uint8Array.of(0, 0x31, 0, 0x20, 0, 0x62), 'other'],
    ['xz', Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4), 'other'],
    ['zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 4), 'other'],
    ['7-Zip', Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4), 'other'],
    ['RAR', Uint8Array.of(0x52, 0x61, 0x72, 0x21, 0x1a, 7, 0), 'other'],
    ['tar', `${'final.smaps'.padEnd(257, '\0')}ustar  \0`, 'other'],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), 'other'],
    ['a PDF', '%PDF-1.4\n', 'other'],
    ['pwndbg', '             Start                End Perm     Size Offset File\n', 'other'],
    ['gef', 'Start              End                Offset             Perm Path\n', 'other'],
    ['peda', 'Start              End                Perm\tName\n', 'other'],
    ['radare2', '0x0000560000000000 - 0x0000560000002000 - usr     8K s r-- /bin/cat\n', 'other'],
    ['VMMap', '"Address","Type","Size","Committed","Private","Total WS"\n', 'other'],
    ['WinDbg', '        BaseAddress      EndAddress+1        RegionSize     Type\n', 'other'],
    ['a map of FreeBSD', '0x400000 0x40b000 9 14 0xfffff80003d3e000 r-x 3 1 0x1000 COW NC vnode /bin/cat\n', 'other'],
    ['a log with CR alone', '7 brk(NULL) = 0x1000\r7 brk(NULL) = 0x1000\r', 'strace'],
    ['the data of perf', 'PERFILE2h', 'other'],
    ['a quoted log', '> 7 brk(NULL) = 0x1000\n', 'strace'],
    ['a log in colours behind prose', 'Hello,\n\n\x1b[32mbrk(NULL) = 0x1000\x1b[0m\n', 'strace'],
    ['a log in files of docker', '{"log":"brk(NULL) = 0x1000\\n","stream":"stderr"}\n', 'strace'],
    [
      'gVisor',
      'I0815 10:11:12.123456       1 strace.go:570] [   6:   6] python3 E mmap(0x0, 0x20000, 0x3, 0x22, 0xff, 0x0)\n',
      'other',
    ],
    ['perf trace', '     0.325 ( 0.025 ms): ls/9644 mmap(len: 8192, prot: READ) = 0x7f5e362ae000\n', 'strace'],
    ['perf trace of one process', '     0.325 ( 0.025 ms): mmap(len: 8192, prot: READ) = 0x7f5e362ae000\n', 'strace'],
    ['perf trace, begun before', '     ? (         ): ls/9644  ... [continued]: execve()) = 0\n', 'strace'],
    [
      'faults of perf trace',
      '     0.000 ( 0.000 ms): pf/413 minfault [elf_load+0x28a] => 0x557515d49028 (?k)\n',
      'other',
    ],
    [
      'perf script',
      '    ls  9572  3691.452151: PERF_RECORD_MMAP2 9572/9572: [0x7ffd5f532000(0x21000) @ 0x7ffffffde000]: rw-p [stack]\n',
      'other',
    ],
    ['other', '# tracer: function\n#\n', 'other'],
    ['other', 'SYS_mmap(0, 8192, 3, 34) = 0x7f0000000000\n', 'other'],
    ['a summary', '% time     seconds  usecs/call     calls    errors syscall\n', 'other'],
    ['maps of one line', new TextDecoder().decode(smaps).split('\n')[0]!, 'maps'],
  ])('%s', (_, head, kind) => {
    expect(detectInput(head)).toBe(kind);
  });
});
