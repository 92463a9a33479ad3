import { expect, it } from 'vitest';
import { StraceParser, type StraceStats } from '../../src/index.ts';

const LINES = [
  '7 execve("/bin/x", ["x", "a\\nb", "c\\"d"], 0x7ffe00000000 /* 3 vars */) = 0',
  '7 openat(AT_FDCWD, "/etc/l", O_RDONLY) = 3',
  '7 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f0000001000',
  '7 munmap(0x7f0000001000, 4096) = 0',
  '8 +++ exited with 0 +++',
];
/** What was counted of a text. */
function statsOf(text: string): StraceStats {
  const parser = new StraceParser();
  parser.push(text);
  parser.end();
  return parser.stats;
}

const log = (): string[] => Array.from({ length: 9000 }, () => LINES).flat();

const FORMS: Readonly<Record<string, (lines: readonly string[]) => string>> = {
  'one string of JSON': (lines) => JSON.stringify({ rc: 0, stderr: lines.join('\n') }),
  'one array of JSON': (lines) => JSON.stringify({ lines }),
  'lines apart by breaks of HTML': (lines) => lines.slice(1).join('<br />'),
};

it.each(Object.entries(FORMS))('a log of more than 1 MiB on one line, as %s, is read in parts', (_, form) => {
  const lines = log();
  const text = form(lines);
  expect(text.length).toBeGreaterThan(2 ** 20);
  const whole = statsOf(lines.join('\n'));
  const stats = statsOf(text);
  expect(stats.unreadable).toBe(0);
  const gone = form === FORMS['one string of JSON'] || form === FORMS['one array of JSON'] ? 0 : 1;
  expect(stats.lines).toBe(whole.lines - gone);
  expect(stats.callLines).toBe(whole.callLines - gone);
  // In chunks of any size, with a line behind it.
  const parser = new StraceParser();
  const behind = `${text}\n7 brk(NULL) = 0x5600000000\n`;
  for (let at = 0; at < behind.length; at += 7777) parser.push(behind.slice(at, at + 7777));
  parser.end();
  expect(parser.stats).toMatchObject({ unreadable: 0, callLines: stats.callLines + 1, lines: stats.lines + 1 });
});

it('a line of more than 1 MiB that holds no log is listed', () => {
  const stats = statsOf(`7 brk(NULL) = 0x5600000000\n${'x\\n'.repeat(400_000)}\n7 brk(NULL) = 0x5600000000\n`);
  expect(stats).toMatchObject({ callLines: 2, unreadable: 1 });
});
