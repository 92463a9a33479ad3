import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { caseFile } from './cases/rightCase.ts';
import { cli, file } from './cli.ts';

// Each command answers every file, or refuses it with one line; and nothing in it moves a cursor.

/** Each command that reads files, with a file as what it reads first. */
const COMMANDS: Readonly<Record<string, (path: string) => readonly string[]>> = {
  report: (path) => ['report', path],
  'report --html': (path) => ['report', path, '--html', '/dev/null'],
  'report --link': (path) => ['report', path, '--link'],
  'report --json': (path) => ['report', path, '--json'],
  why: (path) => ['why', path],
  'why --json': (path) => ['why', path, '--json'],
  'what-if': (path) => ['what-if', path, '--kernel', '6.12,6.19'],
  fork: (path) => ['fork', path],
  'fork --json': (path) => ['fork', path, '--json'],
  diff: (path) => ['diff', path, path],
  'diff of another': (path) => ['diff', caseFile('field/10-mpk-stripes.smaps'), path],
  replay: (path) => ['replay', path],
  'replay --initial': (path) => ['replay', caseFile('hostile/guardfail.strace'), '--initial', path],
  'replay --final': (path) => ['replay', caseFile('hostile/guardfail.strace'), '--final', path],
  'replay --json': (path) => ['replay', path, '--json'],
  smaps: (path) => ['smaps', path, '--all'],
  'smaps --json': (path) => ['smaps', path, '--json'],
  verify: (path) => ['verify', path],
  run: (path) => ['run', path],
  'run --json': (path) => ['run', path, '--json'],
  litmus: (path) => ['litmus', path],
  'litmus --c': (path) => ['litmus', path, '--c', '--kernel', '6.19'],
  fmt: (path) => ['fmt', path],
  'fmt --check': (path) => ['fmt', path, '--check'],
  'check --profile': (path) => ['check', '--profile', path, '--pages', '1', '--depth', '1'],
  'decide --kernel': (path) => ['decide', '--kernel', `6.19,${path}`],
};

/** C0 but for the end of a line, DEL, C1, and signs that turn the direction of a text. */
const OBEYED = /(?!\n)[\p{Cc}\p{Bidi_Control}]/u;

/** No colours, which are the only signs of ours; and a model that is full early. */
const ENV = { NO_COLOR: '1', VMA_LAB_MAX_BYTES: String(2 ** 24) };

async function answers(args: readonly string[]): Promise<void> {
  const { status, out, err: said } = await cli(args, { terminal: true, env: ENV });
  // Without what our own line of progress is written over with.
  const err = said.replaceAll('\r\u001b[2K', '');
  expect([0, 1, 2]).toContain(status);
  expect(err).not.toContain('internal error');
  expect(out).not.toMatch(OBEYED);
  expect(err).not.toMatch(OBEYED);
  if (status === 2) expect(err.trimEnd().split('\n')).toHaveLength(1);
}

/** Texts that a terminal would obey: it clears the screen, sets its title, goes back to the line before, turns the direction. */
const SIGNS = '\u001b[2J\u001b]0;owned\u0007\u009b1A\r\b\u007f\u202e';
const SMAPS = `55d000000000-55d000001000 rw-p 00000000 fe:00 12 /tmp/${SIGNS}
Size:                  4 kB
KernelPageSize:        4 kB
VmFlags: rd wr mr mw me ac
55d000001000-55d000002000 r--p 00000000 00:00 0 [anon:${SIGNS}]
Size:                  4 kB
KernelPageSize:        4 kB
VmFlags: rd mr mw me ac
`;
const MADE: Readonly<Record<string, string | Uint8Array>> = {
  'signs.smaps': SMAPS,
  'signs.maps': SMAPS.replace(/^[A-Z].*\n/gm, ''),
  'signs.strace': `12 execve("/bin/${SIGNS}", ["${SIGNS}"], 0x7ffe0 /* 3 vars */) = 0
12 openat(AT_FDCWD, "/tmp/${SIGNS}", O_RDONLY) = 3</tmp/${SIGNS}>
12 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, 3</tmp/${SIGNS}>, 0) = 0x7f0000000000
12 prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x7f0000000000, 4096, "${SIGNS}") = -1 EINVAL (${SIGNS})
12 mmap(NULL, 4096, PROT_READ${SIGNS}, MAP_PRIVATE, 3, 0) = 0x7f0000010000
12 +++ killed by ${SIGNS} +++
`,
  'signs.jsonl': `{"id":${JSON.stringify(`a${SIGNS}\n`)},"note":${JSON.stringify(SIGNS)},"ops":[{"op":"mmap","page":1,"pages":2,"prot":"rw"},{"op":"munmap","page":${JSON.stringify(SIGNS)},"pages":1}]}\n`,
  'named.jsonl': `{"id":${JSON.stringify(`a${SIGNS}\n`)},"note":${JSON.stringify(SIGNS)},"windows":[[${JSON.stringify(SIGNS)},0,8]],"ops":[{"op":"mmap","page":1,"pages":2,"prot":"rw"}]}\n`,
  'signs.litmus': `name: ${SIGNS}\ntitle: ${SIGNS}\n# ${SIGNS}\nmmap 4+2 rw # ${SIGNS}\nvmas 1 # ${SIGNS}\n`,
  'fails.litmus': `title: ${SIGNS}\nmmap 4+2 rw # ${SIGNS}\nvmas 7 # ${SIGNS}\n`,
  'unknown.litmus': `mmap 4+2 rw\n${SIGNS} 4+2\n`,
  'signs.json': JSON.stringify({ name: SIGNS, from: '6.19', [SIGNS]: true }),
  'name.json': JSON.stringify({ name: SIGNS, from: '6.19' }),
  'from.json': JSON.stringify({ name: 'x', from: SIGNS }),
  'null.json': 'null',
  'list.json': '[]',
  'number.json': '1',
  'proto.json': '{"__proto__":[]}',
  'fields.json': '{"from":"6.19","constructor":1,"toString":{}}',
  'object.json': '{"name":{"toString":1},"from":{"toString":1}}',
  'flags.json': '{"from":"6.19","sticky":{"length":-1}}',
  'deep.json': '['.repeat(100_000),
  'deepOps.jsonl': `{"id":"a","ops":${'['.repeat(100_000)}`,
  'deepClosed.jsonl': `{"id":"a","ops":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
  'proto.jsonl': '{"id":"__proto__","__proto__":{"ops":[]},"ops":[{"op":"__proto__"}]}\n',
  'opProto.jsonl': '{"id":"x","ops":[{"op":"mmap","__proto__":{"page":1},"constructor":1,"prot":"rw"}]}\n',
  'headerProto.jsonl':
    '{"kind":"header","format":1,"kernel":"__proto__","softDirty":true,"faultAroundPages":1,"__proto__":{"scenarios":1}}\n',
  'recordingShapes.jsonl':
    '{"kind":"header","format":1,"kernel":"6.19","softDirty":true,"faultAroundPages":1,"scenarios":1}\n{"kind":"scenario","id":"a","kernel":"6.19","windows":[["w",0,8]],"steps":[{"op":{"op":"mmap","page":1,"pages":2,"prot":"rw"},"result":{"__proto__":1},"procs":[{"vmas":[1],"pages":5}],"vmas":[1],"pages":5}]}\n',
  'longLine.strace': `1 munmap(0x1, ${'a'.repeat(3_000_000)}\n`,
  'spaces.strace': `munmap(0x1,${' '.repeat(60_000)}x\n1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000\n`,
  'huge.litmus': `mmap 4+2 rw${' '.repeat(1_000_000)}x\n`,
  'utf16.litmus': Buffer.from('\ufeffmmap 4+2 rw\nvmas 1\n', 'utf16le'),
  'utf16.smaps': Buffer.from(`\ufeff${SMAPS}`, 'utf16le'),
  'halfUtf16.strace': Buffer.from('\ufeff1 munmap(0x1000, 4096) = 0\n', 'utf16le').subarray(0, 21),
  'nothing.gz': Uint8Array.from([0x1f, 0x8b]),
  'nul.jsonl': new Uint8Array(100_000),
  'bytes.litmus': Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919) & 255),
};

describe('every command answers, or refuses in one line', () => {
  const cases = readdirSync(caseFile('hostile')).filter((name) => name !== 'slow.strace');
  it.each(Object.keys(COMMANDS))('%s', async (name) => {
    const failed: string[] = [];
    const inputs = [
      ...cases.map((one) => caseFile(`hostile/${one}`)),
      ...Object.entries(MADE).map(([one, content]) => file(`hostile-${one}`, content)),
    ];
    for (const path of inputs) {
      await answers(COMMANDS[name]!(path)).catch((error: Error) =>
        failed.push(`${path.replace(/.*\//, '')}: ${error.message.slice(0, 600)}`),
      );
    }
    expect(failed).toEqual([]);
  });
});
