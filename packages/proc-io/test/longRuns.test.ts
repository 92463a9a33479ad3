import { describe, expect, it } from 'vitest';
import { describeInput, FaultParser, InputError, parseSmaps, parseStrace } from '../src/index.ts';

// Everywhere in a line of each form a sign is repeated tens of thousands of times: a reader that goes back over them again and again does not
// come to its end here. Which places, a seed decides; `PLACES=20000 npx vitest run longRuns` tries more of them.

const PLACES = Number(process.env.PLACES ?? 200);
const LENGTH = 40_000;

const STRACE = [
  '123 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000 <0.000012>',
  '[pid 12<sh>] 12:00:01.123456 (+ 0.000010) [00007f01] munmap(0x7f0000000000, 4096 /* x */) = -1 EINVAL (Invalid argument)',
  '12 <... mmap resumed>) = 0x7f0000000000',
  '12 madvise(0x7f, 1, MADV_X <unfinished ...>',
  '1 --- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---',
  '+++ superseded by execve in pid 12 +++',
  'strace: Process 12<x> attached with 3 threads',
  '12 openat(AT_FDCWD</tmp>, "/tmp/a\\33b"..., O_RDONLY|O_CLOEXEC) = 3</tmp/x<char 1:5>>',
  '2024-11-01T10:00:00.123Z host app[12]: Nov  1 2024 12:00:01 12 brk(NULL) = 0x55',
  '{"log":"12 brk(NULL) = 0x55\\n","stream":"x"}',
  '> | \t12\tmunmap(0x1000, 4096)=0',
  '12 ioctl(3, _IOC(_IOC_READ|_IOC_WRITE, 0xaa, 0x3f, 0x18), {api=0xaa, features=0 => x}) = 0',
  ' > /lib/x.so(mmap+0x17) [0x1234]',
  "12 clone3({flags=CLONE_VM, stack=0x1} => {parent_tid=[5]}, 88) = 5 /* 6 in strace's PID NS */",
];
const MAPS = [
  '55d000000000-55d000001000 rw-p 00000000 fe:00 12                         /tmp/x (deleted)',
  'VmFlags: rd wr mr mw me ac',
  'Size:                  4 kB',
  '0x55d000000000 0x55d000001000 0x1000 0x0 rw-p /tmp/x',
  'Address           Kbytes     RSS   Dirty Mode  Mapping',
  '000055d000000000      132 rw---   [ anon ]',
  '  --->  55d0-0000000-55d000001000 r-x 00 10 x (BuildId: ab) (load bias 0x1)',
  'root@x:~# cat | 55d000000000-55d000001000 rw-p 00000000 fe:00 12 [heap]',
];
const FAULTS = [
  '  sh 12/12 [000] 2024-01-01 12:00:01.123456: exceptions:page_fault_user: address=0x7f ip=0x1 error_code=0x6',
  '  sh   12 [000]  12.345678: exceptions:page_fault_kernel: address=0x7f ip=0x1 error_code=6',
];
const RUNS = [
  ...' \t09afx<>()[]{}"\\/-:=|.,*#'.split(''),
  ...['a ', '0 ', ' 0', '0x', '<a', '"a', '\\3', '[0', '/*', ' =', ') ', '] ', ') = ', '12 ', '-0', 'a(', '1.', '| '],
];

const HEADER = '55d000000000-55d000001000 rw-p 00000000 fe:00 12 /tmp/x\n';
const READERS: Readonly<Record<string, readonly [lines: readonly string[], read: (text: string) => unknown]>> = {
  'a log': [STRACE, (text) => [...parseStrace(`${text}\n`)].length],
  'a map': [MAPS, (text) => parseSmaps(`${text}\n`)],
  'a field of a map': [MAPS, (text) => parseSmaps(`${HEADER}${text}\n`)],
  faults: [FAULTS, (text) => new FaultParser().push(`${text}\n`)],
  'what a file is': [[...STRACE, ...MAPS, ...FAULTS], (text) => describeInput(`${text}\n`)],
};

/** The same numbers for the same seed, from 0 to below 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

describe('a line in which a sign is repeated without end', () => {
  it.each(Object.entries(READERS))('is read, or refused, as %s', (_, [lines, read]) => {
    const next = numbers(20261128);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
    for (let place = 0; place < PLACES; place++) {
      const line = pick(lines);
      const run = pick(RUNS);
      const at = Math.floor(next() * (line.length + 1));
      const behind = line.slice(at + Math.floor(next() * 3));
      try {
        read(line.slice(0, at) + run.repeat(LENGTH / run.length) + behind);
      } catch (error) {
        expect(error, `${line} with ${JSON.stringify(run)} at ${at}`).toBeInstanceOf(InputError);
      }
    }
  });
});
