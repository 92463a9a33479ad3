import { ARENA_BASE, scenarioOf, straceText } from 'fork-sim';
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
const ADVICE: CallArgument = {
  name: 'advice',
  says: 'which advice',
  words: Object.keys(MADV).map((name) => `MADV_${name}`),
};
const MAP_NAMES =
  'PRIVATE SHARED FIXED ANONYMOUS NORESERVE FIXED_NOREPLACE GROWSDOWN LOCKED POPULATE STACK DROPPABLE'.split(' ');
const MMAP: readonly CallArgument[] = [
  { name: 'flags', says: 'what kind of mapping', words: MAP_NAMES.map((name) => `MAP_${name}`), joins: true },
  {
    name: 'fd',
    says: '-1, or a file: 3 is file0, 4 is file1, 5 is file0 opened again, 6 is it opened for reading alone, 7 is memfd0',
    words: ['-1', '3', '4', '5', '6', '7'],
  },
  { name: 'offset', says: 'where in the file, in bytes', words: ['0', '0x1000', '0x2000', '0x4000'] },
];
const MREMAP: readonly CallArgument[] = [
  { ...LENGTH, name: 'old_length' },
  { ...LENGTH, name: 'new_length' },
  {
    name: 'flags',
    says: 'whether it may move',
    words: ['MREMAP_MAYMOVE', 'MREMAP_FIXED', 'MREMAP_DONTUNMAP', '0'],
    joins: true,
  },
  { ...ADDRESS, name: 'new_addr' },
];
const flags = (says: string, word: string): CallArgument => ({ name: 'flags', says, words: [word] });

/** @param operation one that makes the call, in the notation */
function call(name: string, says: string, args: readonly CallArgument[], operation: string): CallHelp {
  const [op] = scenarioOf(name, operation).ops;
  const text = op ? straceText(op, 'ok') : ' = ';
  return { name, says, args, sample: text.slice(0, text.lastIndexOf(' = ')).trimEnd() };
}

/** The system calls, by name. */
export const CALL_HELP: readonly CallHelp[] = [
  call('mmap', 'Maps memory.', [ADDRESS, LENGTH, PROT, ...MMAP], 'mmap 4+8 rw'),
  call('munmap', 'Unmaps memory.', [ADDRESS, LENGTH], 'munmap 4+2'),
  call('mprotect', 'Changes the protection.', [ADDRESS, LENGTH, PROT], 'mprotect 4 none'),
  call('madvise', 'Gives advice about memory.', [ADDRESS, LENGTH, ADVICE], 'guard 4'),
  call('mremap', 'Moves, grows or shrinks a mapping.', [ADDRESS, ...MREMAP], 'mremap 4+2 -> 20'),
  call('mlock', 'Locks memory.', [ADDRESS, LENGTH], 'mlock 4+2'),
  call(
    'mlock2',
    'Locks memory, page by page as it is touched.',
    [ADDRESS, LENGTH, flags('how', 'MLOCK_ONFAULT')],
    'mlock2 4+2',
  ),
  call('munlock', 'Undoes mlock.', [ADDRESS, LENGTH], 'munlock 4+2'),
  call(
    'mseal',
    'Seals memory: no unmap, no move, no new protection.',
    [ADDRESS, LENGTH, flags('none yet', '0')],
    'mseal 4+2',
  ),
  call('fork', 'Makes a child, which exits at once.', [], 'fork'),
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
