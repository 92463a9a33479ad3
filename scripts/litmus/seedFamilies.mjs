// The permutations of the tests that came with the series of sticky flags: which of prev, middle and next had the flag. A family is one shape of
// merge; each permutation has 16 pages of its own.
const SLOT = 16;

/**
 * One shape: pages of prev, of the range and of next, where the range begins in a VMA that may reach further, and what is asked for.
 *
 * @typedef {object} Family
 * @property {string} name
 * @property {string} title
 * @property {readonly Part[]} parts
 * @property {readonly [first: number, count: number]} range the pages that are changed or mapped
 * @property {'mprotect' | 'mmap'} call
 * @property {number} columns
 *
 * @typedef {{ readonly name: string, readonly first: number, readonly count: number, readonly prot: string }} Part
 */

const part = (/** @type {string} */ name, /** @type {number} */ first, /** @type {number} */ count, prot = 'r') => ({
  name,
  first,
  count,
  prot,
});

/** @type {readonly Family[]} */
const FAMILIES = [
  {
    name: 'existing-right-partial',
    title: 'the end of middle becomes part of next',
    call: 'mprotect',
    range: [3, 3],
    columns: 9,
    parts: [part('middle', 2, 4, 'rw'), part('next', 6, 3)],
  },
  {
    name: 'existing-right-whole',
    title: 'middle becomes part of next',
    call: 'mprotect',
    range: [2, 4],
    columns: 9,
    parts: [part('middle', 2, 4, 'rw'), part('next', 6, 3)],
  },
  {
    name: 'existing-left-partial',
    title: 'the beginning of middle becomes part of prev',
    call: 'mprotect',
    range: [3, 3],
    columns: 7,
    parts: [part('prev', 0, 3), part('middle', 3, 4, 'rw')],
  },
  {
    name: 'existing-left-whole',
    title: 'middle becomes part of prev',
    call: 'mprotect',
    range: [3, 4],
    columns: 7,
    parts: [part('prev', 0, 3), part('middle', 3, 4, 'rw')],
  },
  {
    name: 'existing-both',
    title: 'prev, middle and next become one',
    call: 'mprotect',
    range: [3, 4],
    columns: 9,
    parts: [part('prev', 0, 3), part('middle', 3, 4, 'rw'), part('next', 7, 2)],
  },
  {
    name: 'existing-none',
    title: 'the middle of a VMA merges with nothing',
    call: 'mprotect',
    range: [4, 1],
    columns: 10,
    parts: [part('prev', 0, 3), part('middle', 3, 5, 'rw'), part('next', 8, 2)],
  },
  {
    name: 'new-left',
    title: 'a new mapping joins the one before it',
    call: 'mmap',
    range: [2, 2],
    columns: 4,
    parts: [part('prev', 0, 2)],
  },
  {
    name: 'new-right',
    title: 'a new mapping joins the one after it',
    call: 'mmap',
    range: [2, 2],
    columns: 6,
    parts: [part('next', 4, 2)],
  },
  {
    name: 'new-both',
    title: 'a new mapping joins the ones before and after it',
    call: 'mmap',
    range: [2, 2],
    columns: 6,
    parts: [part('prev', 0, 2), part('next', 4, 2)],
  },
];

/** The drafts of all families, by the names of their files. @returns {ReadonlyMap<string, string>} */
export function seedDrafts() {
  return new Map(FAMILIES.map((family) => [`seed/${family.name}`, draftOf(family)]));
}

/** @param {Family} family */
function draftOf({ title, parts, range, call, columns }) {
  const cases = 2 ** parts.length;
  const lines = [
    `# Sticky flags, every permutation: ${title}`,
    'source: the tests of the series of sticky VMA flags, tools/testing/vma, test_merge_new and test_merge_existing',
    'kernels: from 6.16',
    `span: ${Math.max(64, cases * SLOT)}`,
    '',
  ];
  for (let bits = 0; bits < cases; bits++) {
    const base = bits * SLOT;
    const file = (/** @type {number} */ page) => `file0@${page} shared`;
    const had = parts.filter((_, at) => ((bits >> (parts.length - 1 - at)) & 1) === 1);
    lines.push(`# ${had.length === 0 ? 'None' : had.map(({ name }) => name).join(' and ')} had the flag`);
    for (const { first, count, prot } of parts)
      lines.push(`mmap ${base + first}+${count} ${prot} ${file(base + first)}`);
    for (const { first, count, name } of had)
      lines.push(`guard ${base + (name === 'next' ? first + count - 1 : first)}`);
    const [first, count] = range;
    const rest = call === 'mmap' ? ` r ${file(base + first)}` : ' r';
    lines.push(
      `${call} ${base + first}+${count}${rest} => ok`,
      `map ${base}: ?${columns}`,
      `flags ${base + first} ? gu`,
      '',
    );
  }
  return lines.join('\n').trimEnd().concat('\n');
}
