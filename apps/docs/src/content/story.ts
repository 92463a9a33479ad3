/** The guided story: one plain sentence and one call for each step. */
export const STORY: readonly { readonly line: string; readonly title: string; readonly text: string }[] = [
  {
    line: 'mmap 2+4 r file0@2 shared',
    title: 'A mapping',
    text: 'A program maps four pages of a file that it shares with others. The kernel notes that in one record, a VMA; here it is called A. No page is there yet: the row of small cells below the bar, the page table, is empty.',
  },
  {
    line: 'guard 4',
    title: 'A guard page',
    text: 'It wants to die rather than read page 4, so it puts a guard there. The guard is a marker in the page table, not a VMA of its own, so the number of VMAs does not change. But A now has the flag gu: there may be a guard somewhere in me.',
  },
  {
    line: 'mmap 8+4 r file0@8 shared',
    title: 'A neighbour',
    text: 'Another piece of the same file is mapped, with a gap of two pages. It does not touch A, so it is a VMA of its own: B. It has no guard, and no flag.',
  },
  {
    line: 'mmap 6+2 r file0@6 shared',
    title: 'The merge',
    text: 'The gap is mapped too. All three ranges fit each other: same file, offsets that continue, same permissions. Only the flag gu differs, and this kernel ignores it when it compares. Three ranges become one VMA.',
  },
  {
    line: 'mprotect 9+3 none',
    title: 'The flag stuck, and the split keeps it',
    text: 'The merged VMA has gu, though only a third of it came with it: the flag is sticky. When mprotect now splits the VMA, both halves keep it, even the one that never had a guard. The kernel does not know where in the VMA the guard is, so it must not forget.',
  },
  {
    line: 'fork childLives',
    title: 'The fork that copies',
    text: 'At a fork, the kernel saves work: page tables of a file can be made again by faults, so it does not copy them. A guard cannot be made again. The flag gu says so, and the page table is copied: the child has its guard.',
  },
];

/** The calls of the story, as scenario lines. */
export const STORY_LINES: string = STORY.map(({ line }) => line).join('\n');
