import { type FileKind, some } from './fileKind.ts';
import { OTHER_SYSTEMS } from './otherSystems.ts';
import { isPerfTraceCall, isPerfTraceLine } from './strace/perfTraceLine.ts';

/** True for a file that begins so; bytes that are no UTF-8 are lone surrogates. */
const begins =
  (...magic: readonly string[]) =>
  (lines: readonly string[]): boolean =>
    magic.some((one) => lines[0]?.startsWith(one) === true);

const SMAPS = 'give /proc/PID/smaps';
const STRACE = 'record with strace -f -y -e trace=%memory,%process';

/** A packed file, and what unpacks it to standard output. */
function packed(by: string, unpack: string, magic: string): FileKind {
  const instead = `only gzip is unpacked here; unpack it first: ${unpack} > UNPACKED`;
  return { what: `packed by ${by}`, command: null, instead, is: begins(magic) };
}

/**
 * Files that people have in place of those that are read here, and maps that other tools print: by what they are known, and what to do
 * with them. Logs, `smaps`, scenarios and recordings are found out by their own readers.
 */
export const OTHER_KINDS: readonly FileKind[] = [
  {
    what: 'smaps_rollup, the sum of all mappings',
    command: null,
    instead: SMAPS,
    is: some(/^[0-9a-f]+-[0-9a-f]+ .*\[rollup\]$/),
  },
  { what: "a JVM's hs_err file", command: 'smaps', is: some(/^# A fatal error has been detected by the Java Runtime/) },
  { what: 'the output of pmap -X', command: 'smaps', is: some(/^\s*Address\s+Perm\s+Offset\s+Device\s+Inode\s/) },
  {
    what: 'the short output of pmap, without offsets',
    command: null,
    instead: `use pmap -XX, or ${SMAPS}`,
    is: some(/^\s*Address\s+Kbytes\s|^[0-9a-f]{8,16}\s+\d+K\s+[-rwxsR]{5}\s/),
  },
  {
    what: "gdb's info proc mappings",
    command: 'smaps',
    is: some(/^\s*Start Addr\s+End Addr\s+Size\s+Offset\s+Perms\b/i),
  },
  {
    what: "an older gdb's info proc mappings, without permissions",
    command: null,
    instead: SMAPS,
    is: some(/^\s*Start Addr\s+End Addr\s+Size\s+Offset\b/i),
  },
  {
    what: "lldb's memory region --all",
    command: 'smaps',
    is: some(/^\s*\[0x[0-9a-f]{8,16}-0x[0-9a-f]{8,16}\) [-r][-w][-x]/),
  },
  {
    what: "lldb's image list, which has no mappings",
    command: null,
    instead: `use memory region --all, or ${SMAPS}`,
    is: some(/^\s*\[\s*\d+\] (?:[0-9A-F]{8}(?:-[0-9A-F]{2,12})+ )?\s*0x[0-9a-f]{8,16}\s/),
  },
  {
    what: 'an Android tombstone',
    command: 'smaps',
    is: some(/^(?:.*\s)?\*\*\* \*\*\* \*\*\* \*\*\*|^\s*memory map \(\d+ entries\)/),
  },
  {
    what: "Android's showmap, which has no addresses",
    command: null,
    instead: SMAPS,
    is: some(/^\s*virtual\s+(?:\S+\s+)?shared\s+shared\s+private\s+private|^\s*size\s+RSS\s+PSS\s+clean\s+dirty/),
  },
  {
    what: 'numa_maps, which shows neither ends nor permissions',
    command: null,
    instead: SMAPS,
    is: some(/^[0-9a-f]{5,16} (?:default|bind|prefer|interleave|local|weighted)\S*(?: \S+=\S*| heap| stack| huge)+/),
  },
  {
    what: 'the output of valgrind',
    command: null,
    instead: `it runs the program in an address space of its own; ${SMAPS}`,
    is: some(/^(?:==|--)\d+(?:==|--|:\d+:)/),
  },
  {
    what: '/proc/PID/status',
    command: null,
    instead: SMAPS,
    is: (lines) => /^Name:\s/.test(lines[0] ?? '') && some(/^VmPeak:|^State:/)(lines),
  },
  {
    what: 'perf script, which shows mappings but not their ends',
    command: null,
    instead: STRACE,
    is: some(/^[^"]{0,90}: PERF_RECORD_MMAP2? /),
  },
  {
    what: 'page faults of perf trace, which does not tell writes from reads',
    command: null,
    instead: 'vma-lab record takes both, calls and writes',
    is: (lines) => lines.some(isPerfTraceLine) && !lines.some(isPerfTraceCall),
  },
  {
    what: 'ftrace',
    command: null,
    instead: STRACE,
    is: some(/^# tracer: |^ *\S+-\d+ +(?:\( *[\d-]+\) +)?\[\d{3}\] /),
  },
  {
    what: 'ltrace',
    command: null,
    instead: STRACE,
    is: some(/^(?:\[pid \d+\] |\d+ +)?(?:SYS_[a-z_0-9]+\(|[\w.]+->\w+\()/),
  },
  {
    what: 'the summary of strace -c, which has no calls',
    command: null,
    instead: 'record without -c',
    is: (lines) => /^% time +seconds +usecs\/call/.test(lines[0] ?? ''),
  },
  { what: 'the data of perf record', command: null, instead: STRACE, is: begins('PERFILE2') },
  {
    what: 'text in UTF-16',
    command: null,
    instead: 'iconv -f UTF-16 -t UTF-8 makes it readable',
    // Two letters with the other half of each 0; or a mark, whose bytes are no UTF-8.
    is: ([first = '']) => /^(?:[ -~]\0[ -~]\0|\0[ -~]\0[ -~]|\udcff\udcfe|\udcfe\udcff)/.test(first),
  },
  packed('xz', 'xz -dc FILE', '\udcfd7zXZ\0'),
  packed('zstd', 'zstd -dc FILE', '(\udcb5/\udcfd'),
  packed('bzip2', 'bzip2 -dc FILE', 'BZh91AY'),
  packed('zip', 'unzip -p FILE', 'PK\x03\x04'),
  packed('lz4', 'lz4 -dc FILE', '\x04"M\x18'),
  packed('7-Zip', '7z x -so FILE', "7z\udcbc\udcaf'\x1c"),
  packed('RAR', 'unrar p -inul FILE', 'Rar!\x1a\x07'),
  {
    what: 'a tar archive',
    command: null,
    instead: 'take the file out of it first: tar -xf FILE',
    is: ([first = '']) => first.slice(257, 262) === 'ustar',
  },
  {
    what: 'a picture',
    command: null,
    instead: `a text is wanted: ${SMAPS}`,
    is: begins('\udc89PNG', '\udcff\udcd8\udcff', 'GIF8', 'RIFF'),
  },
  { what: 'a PDF', command: null, instead: `a text is wanted: ${SMAPS}`, is: begins('%PDF-') },
  {
    what: 'the vmmap of pwndbg, gef or peda',
    command: null,
    instead: `use gdb's info proc mappings, or ${SMAPS}`,
    is: some(/^\s*(?:LEGEND: STACK \||Start\s+End\s+(?:Perm|Offset\s+Perm)\b)/),
  },
  {
    what: "radare2's dm",
    command: null,
    instead: SMAPS,
    is: some(/^0x[0-9a-f]{8,16} - 0x[0-9a-f]{8,16} [-*] usr /),
  },
  {
    what: "gVisor's strace log",
    command: null,
    instead: STRACE,
    is: some(/^[DIWE]\d{4} \d\d:\d\d:\d\d\.\d+\s.*\] \S+ [EX] \w+\(/),
  },
  {
    what: "a JVM's Native Memory Tracking, which has no addresses",
    command: null,
    instead: SMAPS,
    is: some(/^Native Memory Tracking:/),
  },
  {
    what: "a JVM's System.map, which has no offsets",
    command: null,
    instead: SMAPS,
    is: some(/^Process memory map of process \d+|^from\s+to\s+vsize\s+rss\b/),
  },
  {
    what: 'sysdig',
    command: null,
    instead: STRACE,
    is: some(/^\d+ \d\d:\d\d:\d\d\.\d+ \d+ \S+ \(\d+(?:[.:]\d+)?\) [<>] \w+/),
  },
  {
    what: 'the audit log',
    command: null,
    instead: STRACE,
    is: some(/^(?:node=\S+ )?type=[A-Z_]+ msg=audit\(/),
  },
  {
    what: "babeltrace's print of LTTng",
    command: null,
    instead: STRACE,
    is: some(/^\[\d\d:\d\d:\d\d\.\d+\] \(\S+\) \S+ \w+: \{/),
  },
  { what: 'uftrace', command: null, instead: STRACE, is: some(/^#\s*(?:DURATION|ELAPSED)\s+TID\s+FUNCTION/) },
  { what: 'the output of bpftrace', command: null, instead: STRACE, is: some(/^Attach(?:ing|ed) \d+ probes?\b/) },
  {
    what: "crash's or drgn's view of a kernel",
    command: null,
    instead: SMAPS,
    is: some(/^PID: \d+\s+TASK: [0-9a-f]+\s+CPU: \d+/),
  },
  {
    what: 'the output of readelf',
    command: null,
    instead: SMAPS,
    is: some(/^(?:Displaying notes found|Elf file type is|ELF Header:)/),
  },
  {
    what: 'the report of a kernel that ran out of memory',
    command: null,
    instead: `it counts pages and no mappings; ${SMAPS}`,
    is: some(/\binvoked oom-killer: |\bOut of memory: Killed process \d+|\boom-kill:constraint=/),
  },
  { what: '/proc/meminfo', command: null, instead: SMAPS, is: some(/^MemTotal:\s+\d+ kB/) },
  { what: 'the limits of a process', command: null, instead: SMAPS, is: some(/^Limit\s+Soft Limit\s+Hard Limit/) },
  {
    what: 'an ELF file, a program or a core',
    command: null,
    instead: SMAPS,
    is: begins('\x7fELF'),
  },
  ...OTHER_SYSTEMS,
];
