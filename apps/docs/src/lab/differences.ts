/** A difference between two kernels that the recordings show, with the shortest calls that show it. */
export interface KernelDifference {
  readonly id: string;
  readonly title: string;
  /** What one sees, in plain words. */
  readonly text: string;
  readonly profiles: readonly [string, string];
  readonly lines: string;
  readonly softDirty?: boolean;
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
        lines: 'mmap 10+8 rw\nguard 12\nread 12',
      },
      {
        id: 'faulted-middle',
        title: 'A written middle joins neighbours that were never written',
        text: '6.12 refuses to merge a changed range that was written with neighbours that were not: three VMAs remain. Later kernels make one of them.',
        profiles: ['6.12', '6.16'],
        lines: 'mmap 10+12 rw\nmlock 14+4\nmunlock 14+4',
      },
      {
        id: 'moved-faulted',
        title: 'A written range, moved next to one that was not',
        text: '6.12 does not merge it; 6.16 does, and loses something on the way (see the next group).',
        profiles: ['6.12', '6.16'],
        lines: 'mmap 10+4 file0 rw\nmmap 40+4 file0@4 rw\nwrite 40\nmremap 40+4 -> 14',
      },
      {
        id: 'dontunmap-account',
        title: 'DONTUNMAP loses the accounting, on 6.16 only',
        text: 'After MREMAP_DONTUNMAP the source keeps its ac flag on 6.12, and loses it on 6.16. A new mapping beside it then does not merge.',
        profiles: ['6.12', '6.16'],
        lines: 'mmap 10+4 rw\nwrite 10+4\nmremap 10+4 -> 40 dontUnmap\nmmap 14+4 rw',
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
        lines: 'mmap 10+3 rw\nmmap 15+3 r\nmremap 10+8 -> 40',
      },
      {
        id: 'lost-anon-vma',
        title: 'A merge that loses the moved anon_vma',
        text: '6.16 forgets the anon_vma of a range that merges as it moves. Its fork then finds no reason to copy the page table, and the guard is gone in the child: it reads where the parent may not.',
        profiles: ['6.16', '6.18'],
        lines: 'mmap 10+4 file0 rw\nmmap 40+4 file0@4 rw\nguard 41\nmremap 40+4 -> 14\nfork child\nread 15',
      },
      {
        id: 'refused-fixed',
        title: 'A refused move leaves the target alone',
        text: 'On 6.16 the target of a fixed move is unmapped before the call finds that it must refuse. 6.18 looks first.',
        profiles: ['6.16', '6.18'],
        lines: 'mmap 15+4 r\nmmap 29+8 rw\nmremap 15+0 -> 29+4',
      },
      {
        id: 'foreign-unregister',
        title: 'Droppable memory and userfaultfd',
        text: 'Up to 6.16 memory mapped with MAP_DROPPABLE can be registered with a userfaultfd; 6.18 refuses.',
        profiles: ['6.16', '6.18'],
        lines: 'mmap 10+4 rw droppable\nuffd_register 10+4 wp',
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
        lines: 'mmap 10+4 file0@10 rw\nguard 10\nmmap 18+4 file0@18 rw\nguard 18\nmmap 14+4 file0@14 rw',
      },
      {
        id: 'soft-dirty',
        title: 'Soft-dirty became sticky too',
        text: 'A merge of existing VMAs used to lose the soft-dirty flag of the neighbours: a tool that saves only what changed missed pages. Now the result has it.',
        profiles: ['6.18', '6.19'],
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
        lines: 'mmap 10+4 file0 rw\nmmap 40+4 file0@4 rw\nwrite 40\nmremap 40+4 -> 14',
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
        lines: 'mmap 10+4 rw\nmmap 40+4 rw\nuffd_register 10+4 wp\nuffd_register 40+4 wp\nmremap 40+4 -> 14',
      },
      {
        id: 'uffd-mode-loss',
        title: 'Registering again without write-protection',
        text: 'Up to 6.19 a range that was registered for write-protection may be registered anew for missing pages, and loses it. 7.3 answers EBUSY.',
        profiles: ['6.19', '7.3'],
        lines: 'mmap 10+4 rw\nuffd_register 10+4 wp\nuffd_register 10+4 missing',
      },
    ],
  },
];
