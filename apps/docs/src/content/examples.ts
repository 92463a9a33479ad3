/** A scenario that readers can open in the playground. */
export interface Example {
  readonly id: string;
  readonly title: string;
  /** Who met it, and what it shows. */
  readonly note: string;
  readonly lines: string;
  readonly profile: string;
  readonly other?: string;
  readonly softDirty?: boolean;
}

/** Ready examples; most are problems that real programs had. */
export const EXAMPLES: readonly Example[] = [
  {
    id: 'story',
    title: 'A guard survives a merge and a fork',
    note: 'The guided story: the flag of a guard page survives a merge, a split and a fork.',
    lines:
      'mmap 2+4 r file0@2 shared\nguard 4\nmmap 8+4 r file0@8 shared\nmmap 6+2 r file0@6 shared\nmprotect 9+3 none\nfork childLives',
    profile: '6.19',
  },
  {
    id: 'lost-flag',
    title: 'The posted patch loses the flag',
    note: 'Reviewers: mprotect merges, then stores flags that it computed before the merge.',
    lines: 'mmap 2+4 r file0@2 shared\nguard 4\nmmap 6+4 rw file0@6 shared\nmprotect 6+4 r\nfork child\nread 4',
    profile: 'as-posted',
    other: '6.19',
  },
  {
    id: 'stacks-protnone',
    title: 'Thread stacks with PROT_NONE guards',
    note: 'ClickHouse, brpc, PowerDNS: each stack costs two VMAs, and 65,530 is the limit.',
    lines:
      'mmap 0+8 rw noreserve\nmprotect 0+1 none\nmmap 8+8 rw noreserve\nmprotect 8+1 none\nmmap 16+8 rw noreserve\nmprotect 16+1 none\nmmap 24+8 rw noreserve\nmprotect 24+1 none',
    profile: '6.19',
  },
  {
    id: 'stacks-markers',
    title: 'The same stacks with guard markers',
    note: 'glibc 2.42 and ClickHouse: the guards live in the page table, so all stacks are one VMA.',
    lines:
      'mmap 0+8 rw noreserve\nguard 0\nmmap 8+8 rw noreserve\nguard 8\nmmap 16+8 rw noreserve\nguard 16\nmmap 24+8 rw noreserve\nguard 24',
    profile: '6.19',
    other: '6.12',
  },
  {
    id: 'jvm-threads',
    title: 'A JVM thread: guard zones at the low end of a stack',
    note: 'JVM: the zones are made, opened for a moment when the stack overflows, and closed again; near 32,700 threads mprotect fails.',
    lines:
      'mmap 0+12 rw noreserve\nwrite 8+4\nmprotect 0+3 none\nmmap 12+12 rw noreserve\nwrite 20+4\nmprotect 12+3 none\nmprotect 1+2 rw\nwrite 2\nmprotect 1+2 none',
    profile: '6.19',
  },
  {
    id: 'instances',
    title: 'A memory and its guards for each instance',
    note: 'Wasmtime: with three VMAs for each instance the limit of 65,530 is met at 21,843 of them.',
    lines: 'mmap 0+60 none\nmprotect 2+4 rw\nmprotect 12+4 rw\nmprotect 22+4 rw\nmprotect 32+4 rw',
    profile: '6.19',
  },
  {
    id: 'decommit',
    title: 'Giving memory back cuts a VMA in three',
    note: 'jemalloc, hardened_malloc, scudo: a protection in the middle adds two VMAs; undoing it may, or may not, mend that.',
    lines: 'mmap 4+12 rw\nwrite 4+12\nmprotect 8+4 none\nmprotect 8+4 rw',
    profile: '6.19',
  },
  {
    id: 'enomem',
    title: 'mprotect fails with ENOMEM',
    note: 'Emacs/MPS, urbit: a split adds VMAs, so at the limit a call that asks for no memory fails for want of memory.',
    lines: 'mmap 4+12 rw\nwrite 4+12\nfill_maps 1\nmprotect 8+4 r\nmprotect 4+2 r\nmprotect 4+12 r',
    profile: '6.19',
  },
  {
    id: 'offsets',
    title: 'Pieces of a file in the wrong order',
    note: 'gVisor: 100 VMAs natively were 70,000, because offsets did not continue and nothing merged.',
    lines:
      'mmap 4+4 rw file0@20 shared\nmmap 8+4 rw file0@4 shared\nmmap 12+4 rw file0@40 shared\nmmap 16+4 rw file0@44 shared',
    profile: '6.19',
  },
  {
    id: 'anon-vma-history',
    title: 'Same flags, different history',
    note: 'The commonest question on linux-mm: two halves were written apart from each other, and each has its own anon_vma.',
    lines: 'mmap 4+4 rw\nwrite 4+4\nmmap 12+4 rw\nwrite 12+4\nmmap 8+4 rw',
    profile: '6.19',
  },
  {
    id: 'fork-guard-cost',
    title: 'One guard page makes fork copy a whole mapping',
    note: 'Anyone with a guard in a file mapping: fork copies every table of it from then on, and removing the guard does not help.',
    lines: 'mmap 0+48 rw file0 shared\nread 0+48\nfork\nguard 7\nfork\nunguard 7\nfork',
    profile: '6.19',
  },
  {
    id: 'soft-dirty',
    title: 'Soft-dirty is lost in a merge',
    note: 'CRIU: incremental dumps missed pages, until the flag became sticky.',
    lines: 'mmap 14+4 r\nclear_refs\nmmap 10+4 rw\nmmap 18+4 rw\nmprotect 14+4 rw',
    profile: '6.18',
    other: '6.19',
    softDirty: true,
  },
  {
    id: 'moved-guard',
    title: 'A move makes a guard vanish in the child',
    note: '6.16 loses the anon_vma of a moved range, and with it the reason to copy.',
    lines: 'mmap 10+4 file0 rw\nmmap 40+4 file0@4 rw\nguard 41\nmremap 40+4 -> 14\nfork child\nread 15',
    profile: '6.16',
    other: '6.18',
  },
  {
    id: 'fork-child-no-merge',
    title: 'What was split at a fork stays split in the child',
    note: 'A fork makes the anon_vma chain longer, and such a VMA no longer joins one that was never written.',
    lines: 'mmap 4+4 rw\nwrite 4+4\nfork child\nmmap 8+4 rw',
    profile: '6.19',
  },
  {
    id: 'copy-on-write',
    title: 'Copy on write, page by page',
    note: 'Redis, Valkey: after a fork both share every page, and each write by either costs a fault and a copy.',
    lines: 'mmap 4+6 rw\nwrite 4+6\nfork childLives\nwrite 6+2',
    profile: '6.19',
  },
];
