import { ARENA_BASE, type Op } from 'fork-sim';
import { PAGE_SIZE } from 'vma-core';

const PROTS: readonly (readonly [letter: string, name: string])[] = [
  ['r', 'PROT_READ'],
  ['w', 'PROT_WRITE'],
  ['x', 'PROT_EXEC'],
];

function protName(prot: string): string {
  const names = PROTS.filter(([letter]) => prot.includes(letter)).map(([, name]) => name);
  return prot === 'none' || names.length === 0 ? 'PROT_NONE' : names.join('|');
}

function mmapFlags(op: Extract<Op, { op: 'mmap' }>): string {
  const flags = [op.droppable ? 'MAP_DROPPABLE' : op.shared ? 'MAP_SHARED' : 'MAP_PRIVATE'];
  if (!op.anywhere && op.hint === undefined) flags.push(op.noreplace ? 'MAP_FIXED_NOREPLACE' : 'MAP_FIXED');
  if (!op.backing || op.backing === 'anon') flags.push('MAP_ANONYMOUS');
  if (op.noreserve) flags.push('MAP_NORESERVE');
  if (op.locked) flags.push('MAP_LOCKED');
  if (op.populate) flags.push('MAP_POPULATE');
  if (op.growsdown) flags.push('MAP_GROWSDOWN');
  if (op.stack) flags.push('MAP_STACK');
  return flags.join('|');
}

const DESCRIPTORS: Readonly<Record<string, number>> = { file0: 3, file1: 4, file0b: 5 };

/** An operation as a system call in C; `addr` gives the text of a page's address, `bytes` of a length. */
export function callText(
  op: Op,
  addr: (page: number) => string = (page) => `p + ${page}*PAGE`,
  bytes: (pages: number) => string = (pages) => `${pages}*PAGE`,
): string {
  switch (op.op) {
    case 'mmap': {
      if (op.backing === 'sysv') return `shmat(shm, ${addr(op.page ?? 0)}, SHM_REMAP)`;
      const at = op.anywhere ? 'NULL' : addr(op.hint ?? op.page ?? 0);
      const fd = DESCRIPTORS[op.backing ?? 'anon'] ?? -1;
      const offset = op.pgoff ? bytes(op.pgoff) : '0';
      return `mmap(${at}, ${bytes(op.pages)}, ${protName(op.prot)}, ${mmapFlags(op)}, ${fd}, ${offset})`;
    }
    case 'munmap':
    case 'mlock':
    case 'munlock':
      return `${op.op}(${addr(op.page)}, ${bytes(op.pages)})`;
    case 'mlock2':
      return `mlock2(${addr(op.page)}, ${bytes(op.pages)}, MLOCK_ONFAULT)`;
    case 'mseal':
      return `mseal(${addr(op.page)}, ${bytes(op.pages)}, 0)`;
    case 'mprotect':
      return `mprotect(${addr(op.page)}, ${bytes(op.pages)}, ${protName(op.prot)})`;
    case 'madvise':
      return `madvise(${addr(op.page)}, ${bytes(op.pages)}, MADV_${op.advice})`;
    case 'mremap': {
      const move = op.newPage !== undefined || op.mayMove || op.dontUnmap;
      const flags = [
        ...(move ? ['MREMAP_MAYMOVE'] : []),
        ...(op.newPage === undefined ? [] : ['MREMAP_FIXED']),
        ...(op.dontUnmap ? ['MREMAP_DONTUNMAP'] : []),
      ];
      const target = op.newPage === undefined ? '' : `, ${addr(op.newPage)}`;
      return `mremap(${addr(op.page)}, ${bytes(op.pages)}, ${bytes(op.newPages)}, ${flags.join('|') || '0'}${target})`;
    }
    case 'fork':
      return 'fork()';
    case 'clear_refs':
      return `write(clear_refs, "${op.value}", 1)`;
    case 'touch':
      return `${op.access} ${(op.pages ?? 1) === 1 ? `page ${op.page}` : `pages ${op.page} to ${op.page + (op.pages ?? 1) - 1}`}`;
    default:
      return op.op;
  }
}

/** A page's address, in hex. */
function pageAddress(page: number): string {
  return `0x${(ARENA_BASE + page * PAGE_SIZE).toString(16)}`;
}

/** An operation in strace's own form, with addresses. */
export function straceText(op: Op, res: string, at?: number | 'outside'): string {
  const call = callText(op, pageAddress, (pages) => String(pages * PAGE_SIZE));
  // No system call: a line that other readers of logs skip.
  if (op.op === 'touch') return `# ${call}`;
  if (op.op === 'fill_maps') return `# fill_maps ${op.slack}`;
  const result = res === 'ok' ? (typeof at === 'number' ? pageAddress(at) : '0') : `-1 ${res}`;
  return `${call} = ${result}`;
}
