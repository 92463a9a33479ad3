// Damage to a text: what a broken file, a mail or an attacker makes of it. The same source of choices gives the same damage.

/** Texts that readers look for. */
const WORDS = [
  ...[
    '\n',
    '\r\n',
    '\0',
    ' ',
    '\t',
    '"',
    '\\',
    '<',
    '>',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '=',
    ' = ',
    ',',
    '|',
    '/*',
    '*/',
    '->',
  ],
  ...[
    '0x',
    '-1',
    '-',
    'e9',
    '.',
    ':',
    '<unfinished ...>',
    ' <unfinished ...>',
    '<... ',
    ' resumed>',
    '<detached ...>',
    '+++ ',
    ' +++',
  ],
  ...[
    '--- SIG',
    ' ---',
    'strace: Process 7 attached',
    '[pid 7] ',
    '7 ',
    '> ',
    '\u001b[0m',
    '&lt;',
    '=3D',
    '<br>',
    ' # why?',
  ],
  ...[
    'NULL',
    'mmap(',
    'munmap(',
    'Size: ',
    ' kB',
    'VmFlags: ',
    '00400000-00401000 ',
    '[heap]',
    ' (deleted)',
    'null',
    'true',
    '"op":',
  ],
  ...['\ufeff', '\u00e9', '\udc80', '\u2026', '__proto__', 'constructor'],
];
const NUMBERS = [
  ...['0', '1', '-1', '4095', '4096', '65536', '2147483648', '4294967295', '9007199254740993', '18446744073709551615'],
  ...[
    '18446744073709551616',
    '1e308',
    '0.5',
    '0x7fffffffffff',
    '0x800000000000',
    '0xffffffffffffffff',
    '0x1000',
    '010',
  ],
  ...['9'.repeat(40), `0x${'f'.repeat(40)}`],
];

/** One kind of damage each: of a text, with pieces of `other`. */
const KINDS = [
  (random, text) => cut(text, at(random, text), random.int(0, 12), random.pick(WORDS)),
  (random, text) => cut(text, at(random, text), random.int(1, 3), String.fromCharCode(random.int(0, 255))),
  (random, text) => replaceNumber(random, text),
  (random, text, other) => {
    const from = at(random, other);
    return cut(text, at(random, text), random.int(0, 40), other.slice(from, from + random.int(1, 200)));
  },
  (random, text, other) => text.slice(0, at(random, text)) + other.slice(at(random, other)),
  (random, text) => text.slice(0, at(random, text)),
  (random, text) => ofLines(random, text, (lines, n) => lines.splice(n, random.int(1, 3))),
  (random, text) => ofLines(random, text, (lines, n) => lines.splice(n, 0, lines[random.int(0, lines.length - 1)])),
  (random, text) => ofLines(random, text, (lines, n) => lines.splice(n, 2, `${lines[n]}${lines[n + 1] ?? ''}`)),
  (random, text) => ofLines(random, text, (lines, n) => lines.splice(n, 1, ...wrapped(random, lines[n]))),
  (random, text) => ofLines(random, text, (lines, n) => lines.splice(n, 1, `${random.pick(WORDS)}${lines[n]}`)),
];
/** Rare, as its texts are long: a piece many times over shows steps that grow faster than the text. */
const REPEAT = (random, text) => {
  const from = at(random, text);
  const piece = text.slice(from, from + random.int(1, 12)) || 'x';
  return cut(text, from, 0, piece.repeat(Math.ceil(random.int(1000, 40_000) / piece.length)));
};

/** A text with one to eight kinds of damage. */
export function mutate(random, text, other) {
  let damaged = text;
  for (let left = random.int(1, 8); left > 0; left--) damaged = random.pick(KINDS)(random, damaged, other);
  return random.chance(2) ? REPEAT(random, damaged) : damaged;
}

function at(random, text) {
  return random.int(0, text.length);
}

function cut(text, from, length, insert) {
  return text.slice(0, from) + insert + text.slice(from + length);
}

function replaceNumber(random, text) {
  const from = at(random, text);
  const number = /0x[0-9a-f]+|\d+/.exec(text.slice(from, from + 400));
  return number === null ? text : cut(text, from + number.index, number[0].length, random.pick(NUMBERS));
}

function ofLines(random, text, change) {
  const lines = text.split('\n');
  change(lines, random.int(0, lines.length - 1));
  return lines.join('\n');
}

function wrapped(random, line) {
  const from = at(random, line);
  return [line.slice(0, from), line.slice(from)];
}
