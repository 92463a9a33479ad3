import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSmaps, type SmapsEntry } from 'proc-io';
import { virtAddr } from 'vma-core';

const PROGRAMS = fileURLToPath(new URL('../../conformance/programs/', import.meta.url));

/** Recordings of one thread each, which the replay gets exactly right when it takes memory as written once it is writable. */
const RECORDINGS = [
  'arena-allocator',
  'bash-builtins',
  'file-windows',
  'git-status',
  'jit-wx',
  'locked-memory',
  'merge-history',
  'mremap-moves',
  'python-imports',
  'sqlite-mmap',
  'true',
] as const;

/** The number of addresses at which each recording is used. */
const SHIFTS = 6;
const GIB = 2 ** 30;
const SHELL_PID = 100;

/** Calls that fail in every program: the recordings hold hardly any. */
const FAILURES = [
  'mmap(NULL, 140737488355328, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = -1 ENOMEM (Cannot allocate memory)',
  'munmap(0x10001, 4096) = -1 EINVAL (Invalid argument)',
  'mprotect(0x10000, 4096, PROT_READ) = -1 ENOMEM (Cannot allocate memory)',
  'madvise(0x10000, 4096, MADV_DONTNEED) = -1 ENOMEM (Cannot allocate memory)',
];

/** A log, in chunks, and the mappings that each of its programs starts with. */
export interface SyntheticLog {
  readonly chunks: readonly string[];
  readonly lines: number;
  readonly characters: number;
  readonly initial: ReadonlyMap<number, readonly SmapsEntry[]>;
}

/**
 * A log as `strace -f` writes it of a shell that runs program after program: the program recordings repeated, each time at other
 * addresses, with calls that fail between their own. Every line of it is modelled.
 *
 * @param wanted lines, at least; every program runs once at least
 */
export function syntheticLog(wanted: number): SyntheticLog {
  const initial = new Map<number, readonly SmapsEntry[]>();
  const runs: string[] = [];
  for (let shift = 0; shift < SHIFTS; shift++) {
    for (const name of RECORDINGS) {
      const pid = SHELL_PID + 1 + runs.length;
      const smaps = readFileSync(`${PROGRAMS}${name}/initial.smaps`, 'utf8');
      initial.set(
        pid,
        parseSmaps(smaps).entries.map((entry) => shifted(entry, shift * GIB)),
      );
      runs.push(runOf(pid, readFileSync(`${PROGRAMS}${name}/trace.strace`, 'utf8'), shift * GIB));
    }
  }
  const chunks: string[] = [`${SHELL_PID} execve("/bin/sh", ["sh"], 0x7ffd4e29c220 /* 35 vars */) = 0\n`];
  let lines = 1;
  let characters = 0;
  for (let i = 0; lines < wanted || i < runs.length; i++) {
    const run = runs[i % runs.length]!;
    chunks.push(run);
    lines += run.split('\n').length - 1;
    characters += run.length;
  }
  return { chunks, lines, characters, initial };
}

/** One program: started by the shell, its recorded lines under another pid and at other addresses, failures in between. */
function runOf(pid: number, trace: string, shift: number): string {
  const lines = trace.trimEnd().split('\n');
  const every = Math.ceil(lines.length / (FAILURES.length + 1));
  const out = [`${SHELL_PID} vfork() = ${pid}`];
  for (const [i, line] of lines.entries()) {
    out.push(shiftLine(line, pid, shift));
    if ((i + 1) % every === 0 && i > 0 && i < lines.length - 3) {
      out.push(`${pid} ${FAILURES[((i + 1) / every - 1) % FAILURES.length]}`);
    }
  }
  return `${out.join('\n')}\n`;
}

function shiftLine(line: string, pid: number, shift: number): string {
  return line
    .replace(/^\d+/, String(pid))
    .replace(/0x[0-9a-f]{11,}/g, (address) => `0x${(Number(address) - shift).toString(16)}`);
}

function shifted(entry: SmapsEntry, shift: number): SmapsEntry {
  const gate = entry.start >= 2 ** 47;
  return gate ? entry : { ...entry, start: virtAddr(entry.start - shift), end: virtAddr(entry.end - shift) };
}
