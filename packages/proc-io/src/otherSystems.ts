import { type FileKind, some } from './fileKind.ts';

const LINUX = 'only processes of Linux are modelled';

/** Maps and logs of other systems: nothing here reads them. */
export const OTHER_SYSTEMS: readonly FileKind[] = [
  {
    what: "Windows' VMMap",
    command: null,
    instead: LINUX,
    is: some(/^"?Address"?[,\t]"?Type"?[,\t]"?Size"?[,\t]"?Committed"?/),
  },
  {
    what: "WinDbg's !address",
    command: null,
    instead: LINUX,
    is: some(/^\s*BaseAddress\s+EndAddress\+1\s+RegionSize\b/),
  },
  {
    what: "FreeBSD's /proc/PID/map",
    command: null,
    instead: LINUX,
    is: some(/^0x[0-9a-f]+ 0x[0-9a-f]+ \d+ \d+ (?:0x[0-9a-f]+|0) [-r][-w][-x] /),
  },
  {
    what: "macOS's vmmap",
    command: null,
    instead: LINUX,
    is: some(/^REGION TYPE\s+START - END\s|^==== (?:Non-writable|Writable) regions for process \d+/),
  },
  {
    what: "macOS's dtruss",
    command: null,
    instead: LINUX,
    is: some(/^\s*(?:PID\/THRD\s+)?SYSCALL\(args\)\s+= return/),
  },
  {
    what: "FreeBSD's procstat -v",
    command: null,
    instead: LINUX,
    is: some(/^\s*PID\s+START\s+END\s+PRT\s+RES\s+PRES\s/),
  },
  {
    what: "FreeBSD's truss",
    command: null,
    instead: LINUX,
    // Every result in hex behind it, with a tab before the sign, or an errno by its number.
    is: some(/^(?:\d+: )?\w+\(.*\)\s+= -?\d+ \(0x[0-9a-f]+\)$|\)\s+ERR#\d+ '/),
  },
  {
    what: "OpenBSD's procmap",
    command: null,
    instead: LINUX,
    is: some(/^Start\s+End\s+Size\s+Offset\s+rwxpc\b/),
  },
  {
    what: "a BSD's kdump",
    command: null,
    instead: LINUX,
    is: some(/^\s*\d+ \S+\s+(?:CALL|RET|NAMI|STRU)\s+\w/),
  },
  {
    what: "Solaris' truss",
    command: null,
    instead: LINUX,
    is: some(/^(?:\d+(?:\/\d+)?:\s+)?execve\(.*\)\s+argc = \d+$/),
  },
];
