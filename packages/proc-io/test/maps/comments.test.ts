import { expect, it } from 'vitest';
import { formatSmaps, parseSmaps } from '../../src/index.ts';

const LINES = [
  '55d0a6c00000-55d0a6c03000 r--p 00000000 fe:00 17                         /usr/bin/a b',
  'Size:                 12 kB',
  'Rss:                   8 kB',
  'VmFlags: rd mr mw me sd ',
  '55d0a6c03000-55d0a6c04000 rw-p 00003000 fe:00 17                         /usr/bin/a b',
  'Size:                  4 kB',
  'VmFlags: rd wr mr mw me ac ',
  '7f0000000000-7f0000001000 rw-p 00000000 00:00 0 ',
  'Size:                  4 kB',
  'VmFlags: rd wr mr mw me ac ',
];

const COMMENTS = [
  '   ; the stack',
  '\t# note',
  '  # note',
  '  // why?',
  '  /* why? */',
  '  <-- here',
  ' <== here',
  ' # one',
  '  -- so',
];

it.each(COMMENTS)('a remark behind the lines of a map is no part of them: %j', (comment) => {
  const clean = parseSmaps(`${LINES.join('\n')}\n`).entries;
  const text = `${LINES.map((line) => line.trimEnd() + comment).join('\n')}\n`;
  const smaps = parseSmaps(text);
  const told = ({ start, end, perms, name, vmFlags, fields }: (typeof clean)[number]) => [
    ...[start, end, perms, name, vmFlags],
    Object.fromEntries(fields),
  ];
  expect(smaps.entries.map(told)).toEqual(clean.map(told));
  expect(smaps.leftOut.count).toBe(0);
  expect(formatSmaps(smaps)).toBe(text);
});

it('what a name has of its own stays', () => {
  for (const name of [
    '/tmp/a#b',
    '/tmp/a;b c',
    '/a (deleted)',
    '[anon: x # y]',
    '//anon',
    '/dev/zero (deleted)',
    '/tmp/a - b',
    '/x=>y',
  ]) {
    const [entry] = parseSmaps(`${LINES[0]!.replace('/usr/bin/a b', name)}\n`).entries;
    expect(entry?.name).toBe(name);
  }
});
