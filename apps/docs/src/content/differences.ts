import type { Scenario } from 'fork-sim';
import type { View } from '../picture/view.ts';

/** A difference between two kernels that the recordings show, with the shortest calls that show it. */
export interface KernelDifference {
  readonly id: string;
  readonly title: string;
  /** What one sees, in plain words. */
  readonly text: string;
  readonly profiles: readonly [string, string];
  /** The calls, as scenario lines, or as a scenario where the notation has no word for one of them. */
  readonly lines: string | Scenario;
  /** A recorded scenario that begins with these very calls; a test holds both answers against the recordings. */
  readonly recorded?: string;
  readonly softDirty?: boolean;
  /** The pages to draw, where a scenario is too large to draw whole. */
  readonly view?: View;
  /** The difference is in the size of the page tables, which is shown below the pictures. */
  readonly tables?: boolean;
}

/** Groups of differences, in the order in which the kernels came. */
export const DIFFERENCES: readonly { readonly heading: string; readonly all: readonly KernelDifference[] }[] = [
  {
    heading: 'From 6.12 to 6.16',
    all: [
      {
        id: 'guards-exist',
        title: 'Guards exist',
        text: '6.12 does not know MADV_GUARD_INSTALL and answers EINVAL. 6.16 takes it on every kind of memory.',
        profiles: ['6.12', '6.16'],
        recorded: 'guard.anon.basic',
        lines: 'mmap 10+8 rw\nwrite 10+8\nguard 12+3\nread 12+3',
      },
      {
        id: 'faulted-middle',
        title: 'A written middle joins neighbours that were never written',
        text: '6.12 refuses to merge a changed range that was written with neighbours that were not: three VMAs remain. Later kernels make one of them.',
        profiles: ['6.12', '6.16'],
        recorded: 'mlock.adjacent-to-unfaulted',
        lines: 'mmap 10+12 rw\nmlock 14+4\nmunlock 14+4',
      },
      {
        id: 'moved-faulted',
        title: 'A written range, moved next to one that was not',
        text: '6.12 does not merge it; 6.16 does, and loses something on the way (see the next group).',
        profiles: ['6.12', '6.16'],
        recorded: 'mremap.file-join-contiguous-cow',
        lines: 'mmap 10+4 file0 rw\nmmap 40+4 file0@4 rw\nwrite 40\nmremap 40+4 -> 14',
      },
      {
        id: 'dontunmap-account',
        title: 'DONTUNMAP loses the accounting, on 6.16 only',
        text: 'After MREMAP_DONTUNMAP the source keeps its ac flag on 6.12, and loses it on 6.16. A new mapping beside it then does not merge.',
        profiles: ['6.12', '6.16'],
        recorded: 'mremap.dontunmap-join',
        lines: 'mmap 10+4 rw\nwrite 10+4\nmmap 44+4 rw\nmremap 10+4 -> 40 dontUnmap\nmmap 14+4 rw',
      },
      {
        id: 'dontneed-frees',
        title: 'DONTNEED frees an empty table',
        text: 'Giving back a whole aligned region of 2 MiB inside one VMA leaves a page table with nothing in it. 6.12 keeps that table until the VMA goes; 6.16 frees its 4 kB at once. The pictures are alike; the size of the tables is not.',
        profiles: ['6.12', '6.16'],
        recorded: 'geo.dontneed-full',
        lines: {
          id: 'dontneed-frees',
          span: 1024,
          windows: [['w0', 0, 16]],
          ops: [
            { op: 'mmap', page: 0, pages: 1024, prot: 'rw' },
            { op: 'touch', page: 0, access: 'write', pages: 512 },
            { op: 'touch', page: 512, access: 'write' },
            { op: 'madvise', page: 0, pages: 512, advice: 'DONTNEED' },
          ],
        },
        view: { from: 0, to: 16 },
        tables: true,
      },
    ],
  },
  {
    heading: 'From 6.16 to 6.18',
    all: [
      {
        id: 'many-vmas',
        title: 'One move over several VMAs',
        text: 'mremap of a range that holds more than one VMA is EFAULT on 6.16. 6.18 moves each of them, and keeps the holes between.',
        profiles: ['6.16', '6.18'],
        recorded: 'mremap.multi-vma-gap',
        lines: 'mmap 10+4 rw\nmmap 16+4 rw\nmremap 10+10 -> 40',
      },
      {
        id: 'half-moved',
        title: 'A move that fails half way',
        text: 'As each VMA is moved by itself, an error on the second leaves the first one moved. Here the second is sealed: 6.16 refuses the whole call before anything is done; 6.18 answers EPERM, and the writable half is at its new place.',
        profiles: ['6.16', '6.18'],
        lines: 'mmap 10+2 rw\nmmap 12+2 r\nmseal 12+2\nmremap 10+4 -> 40',
      },
      {
        id: 'account-again',
        title: 'DONTUNMAP keeps the accounting again',
        text: '6.16 had lost the ac flag of the source (see the group above); 6.18 keeps it, and the new mapping merges.',
        profiles: ['6.16', '6.18'],
        recorded: 'mremap.dontunmap-join',
        lines: 'mmap 10+4 rw\nwrite 10+4\nmmap 44+4 rw\nmremap 10+4 -> 40 dontUnmap\nmmap 14+4 rw',
      },
      {
        id: 'lost-anon-vma',
        title: 'A merge that loses the moved anon_vma',
        text: '6.16 forgets the anon_vma of a range that merges as it moves. Its fork then finds no reason to copy the page table, and the guard is gone in the child, which may read where its parent may not.',
        profiles: ['6.16', '6.18'],
        recorded: 'mremap.file-guard-join',
        lines: 'mmap 10+4 file0 rw\nmmap 40+4 file0@4 rw\nguard 41\nmremap 40+4 -> 14\nfork',
      },
      {
        id: 'lost-copies',
        title: 'The same loss, with pages that were written',
        text: 'The parent wrote page 41 and moved it to 15. As 6.16 lost the anon_vma, fork does not copy, and the child reads what the file says, not what its parent wrote.',
        profiles: ['6.16', '6.18'],
        lines: 'mmap 10+4 file0 rw\nmmap 40+4 file0@4 rw\nwrite 41\nmremap 40+4 -> 14\nfork child\nread 15',
      },
      {
        id: 'refused-fixed',
        title: 'A refused move leaves the target alone',
        text: 'On 6.16 the target of a fixed move is unmapped before the call finds that it must refuse. 6.18 looks first.',
        profiles: ['6.16', '6.18'],
        lines: 'mmap 15+4 r\nmmap 29+8 rw\nmremap 15+0 -> 29+4',
      },
      {
        id: 'errno-order',
        title: 'Which error comes first',
        text: 'A sealed range, moved onto itself: two things are wrong, and a call can name only one. 6.16 finds the seal first (EPERM), 6.18 the overlap (EINVAL).',
        profiles: ['6.16', '6.18'],
        lines: 'mmap 10+4 rw\nmseal 10+4\nmremap 10+4 -> 12',
      },
      {
        id: 'droppable-register',
        title: 'Droppable memory and userfaultfd',
        text: 'Up to 6.16 memory mapped with MAP_DROPPABLE can be registered with a userfaultfd; 6.18 refuses.',
        profiles: ['6.16', '6.18'],
        recorded: 'uffd.droppable',
        lines: 'mmap 10+8 rw droppable\nwrite 10+4\nuffd_register 10+8 wp',
      },
      {
        id: 'foreign-unregister',
        title: 'Unregistering through another userfaultfd',
        text: 'Up to 6.16 any userfaultfd could unregister what another had registered. 6.18 answers EINVAL and does nothing.',
        profiles: ['6.16', '6.18'],
        recorded: 'uffd.cross.anon',
        lines: {
          id: 'foreign-unregister',
          ops: [
            { op: 'mmap', page: 10, pages: 12, prot: 'rw' },
            { op: 'uffd_register', page: 10, pages: 6, mode: 'wp' },
            { op: 'uffd_register', page: 10, pages: 6, mode: 'wp', uffd: 1 },
            { op: 'uffd_register', page: 16, pages: 6, mode: 'wp', uffd: 1 },
            { op: 'uffd_unregister', page: 10, pages: 12 },
          ],
        },
      },
    ],
  },
  {
    heading: 'The sticky-flag series (6.19, and 6.18.37 on)',
    all: [
      {
        id: 'gu-appears',
        title: 'The flag appears',
        text: 'A guard sets gu on the whole VMA, and removing the guard does not clear it.',
        profiles: ['6.18', '6.19'],
        lines: 'mmap 10+8 rw\nguard 12\nunguard 12',
      },
      {
        id: 'no-anon-vma',
        title: 'A guard in a file mapping makes no anon_vma',
        text: 'Before, each guarded piece got an anon_vma of its own, only so that fork would copy it, and two such pieces never merged. With the flag they need none, and merge.',
        profiles: ['6.18', '6.19'],
        recorded: 'anonvma.guard-creates-file',
        lines: 'mmap 10+4 file0@10 rw\nguard 10\nmmap 18+4 file0@18 rw\nguard 18\nmmap 14+4 file0@14 rw',
      },
      {
        id: 'guarded-child',
        title: 'A guarded file mapping in a fork child',
        text: 'The anon_vma that a guard used to make had come over a fork, and so kept a new mapping apart. Without it, the next pages of the file join.',
        profiles: ['6.18', '6.19'],
        lines: 'mmap 10+12 file0@10 rw shared\nguard 16+2\nfork child\nmmap 22+2 file0@22 rw shared',
      },
      {
        id: 'soft-dirty',
        title: 'Soft-dirty became sticky too',
        text: 'A merge of existing VMAs used to lose the soft-dirty flag of the neighbours: a tool that saves only what changed missed pages. Now the result has it.',
        profiles: ['6.18', '6.19'],
        recorded: 'softdirty.existing-old-middle',
        lines: 'mmap 14+4 r\nclear_refs\nmmap 10+4 rw\nmmap 18+4 rw\nmprotect 14+4 rw',
        softDirty: true,
      },
    ],
  },
  {
    heading: 'From 6.19 to 7.3',
    all: [
      {
        id: 'anon-pgoff',
        title: 'Private file mappings have a second offset',
        text: '7.3 also wants the anonymous offsets of private file mappings to continue. A written one that was moved no longer merges, though its offset in the file fits.',
        profiles: ['6.19', '7.3'],
        recorded: 'mremap.file-join-contiguous-cow',
        lines: 'mmap 10+4 file0 rw\nmmap 40+4 file0@4 rw\nwrite 40\nmremap 40+4 -> 14',
      },
      {
        id: 'moved-fill',
        title: 'The same, with a new mapping beside the moved one',
        text: 'A written piece of a file is moved, and the next pages of the file are mapped behind it. The offsets in the file continue, and up to 6.19 that is enough.',
        profiles: ['6.19', '7.3'],
        recorded: 'mremap.file-cow-moved-fill',
        lines: 'mmap 10+4 file0@10 rw\nwrite 10+4\nmremap 10+4 -> 40\nmmap 44+4 file0@14 rw',
      },
      {
        id: 'own-source',
        title: 'DONTUNMAP beside its own source',
        text: 'The copy used to become one VMA with the source it was made of; 7.3 keeps them apart.',
        profiles: ['6.19', '7.3'],
        lines: 'mmap 15+1 rx\nmremap 15+1 -> 16 dontUnmap',
      },
      {
        id: 'uffd-neighbour',
        title: 'Moving a registered VMA unregisters its neighbour',
        text: 'Up to 6.19 the moved range first merges with an adjacent registered VMA, and then the whole of it is unregistered. 7.3 leaves the neighbour as it was.',
        profiles: ['6.19', '7.3'],
        recorded: 'uffd.mremap.anon.join.er0',
        lines: 'mmap 10+4 rw\nmmap 40+4 rw\nuffd_register 10+4 wp\nuffd_register 40+4 wp\nmremap 40+4 -> 14',
      },
      {
        id: 'uffd-mode-loss',
        title: 'Registering again without write-protection',
        text: 'Up to 6.19 a range that was registered for write-protection may be registered anew for missing pages, and loses it. 7.3 answers EBUSY.',
        profiles: ['6.19', '7.3'],
        lines: 'mmap 10+4 rw\nuffd_register 10+4 wp\nuffd_register 10+4 missing',
      },
      {
        id: 'limit-move',
        title: 'Moving, close to the limit of VMAs',
        text: 'A move needs room below max_map_count, even if it makes no new VMA in the end: six up to 6.19, four on 7.3. Here four are left (fill_maps maps something far away until they are).',
        profiles: ['6.19', '7.3'],
        recorded: 'limit.mremap-move-whole.s4',
        lines: {
          id: 'limit-move',
          ops: [
            { op: 'mmap', page: 10, pages: 4, prot: 'rw' },
            { op: 'fill_maps', slack: 4 },
            { op: 'mremap', page: 10, pages: 4, newPages: 4, newPage: 40 },
          ],
        },
      },
      {
        id: 'limit-grow',
        title: 'Growing in place, close to the limit of VMAs',
        text: 'Growing the end of a VMA makes no other, and always worked up to 6.19. 7.3 wants room for four here as well.',
        profiles: ['6.19', '7.3'],
        recorded: 'limit.mremap-expand.s3',
        lines: {
          id: 'limit-grow',
          ops: [
            { op: 'mmap', page: 10, pages: 12, prot: 'rw' },
            { op: 'fill_maps', slack: 3 },
            { op: 'mremap', page: 10, pages: 12, newPages: 14 },
          ],
        },
      },
      {
        id: 'uffd-rwp',
        title: 'Protection from reads as well',
        text: '7.3 knows a mode of userfaultfd that protects from reads and writes: the flag ur. Reading such a page stops with SIGBUS until someone answers. Older kernels refuse the mode.',
        profiles: ['6.19', '7.3'],
        recorded: 'uffd.rwp.anon.fork.ev0',
        lines: {
          id: 'uffd-rwp',
          ops: [
            { op: 'mmap', page: 10, pages: 8, prot: 'rw' },
            { op: 'touch', page: 10, access: 'read', pages: 4 },
            { op: 'uffd_register', page: 10, pages: 8, mode: 'rwp', rwp: true },
            { op: 'uffd_rwp', page: 10, pages: 6, on: true },
            { op: 'touch', page: 10, access: 'read', pages: 2 },
          ],
        },
      },
      {
        id: 'uffd-copy-end',
        title: 'Filling a page beyond the end of a file',
        text: 'A file of 256 pages is mapped from page 252 on, so the last four pages lie beyond its end. UFFDIO_COPY to one of them is EFAULT up to 6.19, and ENOMEM on 7.3.',
        profiles: ['6.19', '7.3'],
        lines: {
          id: 'uffd-copy-end',
          ops: [
            { op: 'mmap', page: 10, pages: 8, prot: 'rw', backing: 'file0', pgoff: 252, shared: true },
            { op: 'uffd_register', page: 10, pages: 8, mode: 'missing' },
            { op: 'uffd_copy', page: 15, pages: 1 },
          ],
        },
      },
    ],
  },
];
