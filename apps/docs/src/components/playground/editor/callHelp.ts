import { ARENA_BASE } from 'fork-sim';
import { MADV, PAGE_SIZE } from 'vma-core';

/** An argument of a system call, as the editor helps with it. */
export interface CallArgument {
  readonly name: string;
  readonly says: string;
  /** Words that fit; they are joined by `|` where `joins`. */
  readonly words: readonly string[];
  readonly joins?: true;
}

/** A system call that the playground takes in strace's form. */
export interface CallHelp {
  readonly name: string;
  readonly says: string;
  readonly args: readonly CallArgument[];
  /** A whole call to start from. */
  readonly sample: string;
}

/** Address of a page of the playground, as strace prints it. */
function pageAddress(page: number): string {
  return `0x${(ARENA_BASE + page * PAGE_SIZE).toString(16)}`;
}

const ADDRESS: CallArgument = {
  name: 'addr',
  says: `an address: page 0 is ${pageAddress(0)}, each page is 0x1000 more`,
  words: Array.from({ length: 64 }, (_, page) => pageAddress(page)),
};
const LENGTH: CallArgument = {
  name: 'length',
  says: 'bytes; 4096 is one page',
  words: [1, 2, 4, 8, 16].map((pages) => String(pages * PAGE_SIZE)),
};
const PROT: CallArgument = {
  name: 'prot',
  says: 'the protection',
  words: ['PROT_NONE', 'PROT_READ', 'PROT_WRITE', 'PROT_EXEC'],
  joins: true,
};
const range = (name: string, says: string): CallHelp => ({
  name,
  says,
  args: [ADDRESS, LENGTH],
  sample: `${name}(${pageAddress(4)}, 8192)`,
});

/** The system calls, by name. */
export const CALL_HELP: readonly CallHelp[] = [
  {
    name: 'mmap',
    says: 'Maps memory.',
    args: [
      ADDRESS,
      LENGTH,
      PROT,
      {
        name: 'flags',
        says: 'what kind of mapping',
        words: [
          'MAP_PRIVATE',
          'MAP_SHARED',
          'MAP_FIXED',
          'MAP_ANONYMOUS',
          'MAP_NORESERVE',
          'MAP_FIXED_NOREPLACE',
          'MAP_GROWSDOWN',
          'MAP_LOCKED',
          'MAP_POPULATE',
          'MAP_STACK',
          'MAP_DROPPABLE',
        ],
        joins: true,
      },
      {
        name: 'fd',
        says: '-1, or a file: 3 is file0, 4 is file1, 5 is file0 opened again',
        words: ['-1', '3', '4', '5'],
      },
      { name: 'offset', says: 'where in the file, in bytes', words: ['0', '0x1000', '0x2000', '0x4000'] },
    ],
    sample: `mmap(${pageAddress(4)}, 32768, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0)`,
  },
  range('munmap', 'Unmaps memory.'),
  {
    name: 'mprotect',
    says: 'Changes the protection.',
    args: [ADDRESS, LENGTH, PROT],
    sample: `mprotect(${pageAddress(4)}, 4096, PROT_NONE)`,
  },
  {
    name: 'madvise',
    says: 'Gives advice about memory.',
    args: [
      ADDRESS,
      LENGTH,
      { name: 'advice', says: 'which advice', words: Object.keys(MADV).map((name) => `MADV_${name}`) },
    ],
    sample: `madvise(${pageAddress(4)}, 4096, MADV_GUARD_INSTALL)`,
  },
  {
    name: 'mremap',
    says: 'Moves, grows or shrinks a mapping.',
    args: [
      ADDRESS,
      { ...LENGTH, name: 'old_length' },
      { ...LENGTH, name: 'new_length' },
      {
        name: 'flags',
        says: 'whether it may move',
        words: ['MREMAP_MAYMOVE', 'MREMAP_FIXED', 'MREMAP_DONTUNMAP', '0'],
        joins: true,
      },
      { ...ADDRESS, name: 'new_addr' },
    ],
    sample: `mremap(${pageAddress(4)}, 8192, 8192, MREMAP_MAYMOVE|MREMAP_FIXED, ${pageAddress(20)})`,
  },
  range('mlock', 'Locks memory.'),
  {
    name: 'mlock2',
    says: 'Locks memory, page by page as it is touched.',
    args: [ADDRESS, LENGTH, { name: 'flags', says: 'how', words: ['MLOCK_ONFAULT'] }],
    sample: `mlock2(${pageAddress(4)}, 8192, MLOCK_ONFAULT)`,
  },
  range('munlock', 'Undoes mlock.'),
  {
    name: 'mseal',
    says: 'Seals memory: no unmap, no move, no new protection.',
    args: [ADDRESS, LENGTH, { name: 'flags', says: 'none yet', words: ['0'] }],
    sample: `mseal(${pageAddress(4)}, 8192, 0)`,
  },
  { name: 'fork', says: 'Makes a child, which exits at once.', args: [], sample: 'fork()' },
];

/** Which argument of which call a place in a line is in; `null`: in none. `at` counts characters from 0. */
export function argumentAt(line: string, at: number): { readonly call: CallHelp; readonly argument: number } | null {
  const head = /^\s*(?:\[pid\s+\d+\]\s*|\d+\s+)?(\w+)\(/.exec(line);
  const call = CALL_HELP.find(({ name }) => name === head?.[1]);
  if (!head || !call || at < head[0].length) return null;
  const inside = line.slice(head[0].length, at);
  if (inside.includes(')')) return null;
  return { call, argument: inside.split(',').length - 1 };
}

/** The call with its arguments by name; the one at `argument` in brackets of its own. */
export function signature({ name, args }: CallHelp, argument: number | null = null): string {
  return `${name}(${args.map((one, at) => (at === argument ? `«${one.name}»` : one.name)).join(', ')})`;
}
