/** What a reader is told of an operation of the notation. */
export interface OpHelp {
  readonly name: string;
  /** The form, with optional parts in brackets. */
  readonly form: string;
  readonly says: string;
}

/** The operations of the notation, in the order in which the editor offers them. */
export const OP_HELP: readonly OpHelp[] = [
  {
    name: 'mmap',
    form: 'mmap 4+8 rw [file0@2] [shared] [noreserve] ...',
    says: 'Maps pages. Protection: none, r, rw, rx. Backing: anonymous, or a file and the page it begins with.',
  },
  { name: 'munmap', form: 'munmap 6+2', says: 'Unmaps pages; a VMA that is cut through becomes two.' },
  {
    name: 'mprotect',
    form: 'mprotect 6+2 r',
    says: 'Changes the protection; splits and merges VMAs as needed.',
  },
  { name: 'madvise', form: 'madvise 6+2 DONTNEED', says: 'Gives any advice by its name, with or without MADV_.' },
  { name: 'guard', form: 'guard 6+2', says: 'MADV_GUARD_INSTALL: any access is a SIGSEGV, without a VMA for it.' },
  { name: 'unguard', form: 'unguard 6+2', says: 'MADV_GUARD_REMOVE: the pages may be used again.' },
  { name: 'write', form: 'write 4+8', says: 'The program writes to each page.' },
  { name: 'read', form: 'read 4+8', says: 'The program reads from each page.' },
  {
    name: 'fork',
    form: 'fork [child] [childLives] [parentExits]',
    says: 'Makes a child, which exits at once. child: the story goes on in it. childLives: it stays.',
  },
  {
    name: 'mremap',
    form: 'mremap 10+4 -> 20+8 [mayMove] [dontUnmap]',
    says: 'Moves, grows or shrinks a mapping.',
  },
  { name: 'mlock', form: 'mlock 4+8', says: 'Locks pages in memory, and faults them in.' },
  { name: 'mlock2', form: 'mlock2 4+8', says: 'Locks pages as they are faulted in (MLOCK_ONFAULT).' },
  { name: 'munlock', form: 'munlock 4+8', says: 'Undoes mlock.' },
  { name: 'mseal', form: 'mseal 4+8', says: 'Seals: no unmap, no move, no new protection from now on.' },
  {
    name: 'clear_refs',
    form: 'clear_refs [4]',
    says: 'Writes to /proc/self/clear_refs; 4 clears the soft-dirty bits, as CRIU does.',
  },
  {
    name: 'uffd_register',
    form: 'uffd_register 4+8 [wp] [missing] [eventFork] ...',
    says: 'Registers pages with a userfaultfd.',
  },
  { name: 'uffd_unregister', form: 'uffd_unregister 4+8', says: 'Undoes uffd_register.' },
  { name: 'uffd_wp', form: 'uffd_wp 4+8 [on|off]', says: 'Write-protects pages by userfaultfd, or lifts it.' },
  {
    name: 'fill_maps',
    form: 'fill_maps 2',
    says: 'Maps single pages far away, until so many VMAs more would reach vm.max_map_count.',
  },
];
