import type { Run } from '../traces/keptTraces.ts';

/** The guided story: one plain sentence and one call for each step. */
export const STORY: readonly {
  readonly line: string;
  readonly title: string;
  readonly text: string;
  readonly short: string;
}[] = [
  {
    line: 'mmap 2+4 r file0@2 shared',
    short: 'The program maps four pages of a file: one VMA, A.',
    title: 'A mapping',
    text: 'A program maps four pages of a file that it shares with others. The kernel keeps one record of this, a VMA; here it is called A. No page is there yet: the row of small cells below the bar, the page table, is empty.',
  },
  {
    line: 'guard 4',
    short: 'It makes page 4 a guard: an entry of the page table, no VMA. A gets the flag gu.',
    title: 'A guard page',
    text: 'Reading page 4 must crash the program, so it puts a guard there. The guard is a marker in the page table. It is not a VMA of its own, so the number of VMAs does not change. But A now has the flag gu, which says that there may be a guard somewhere in A.',
  },
  {
    line: 'mmap 8+4 r file0@8 shared',
    short: 'It maps another piece of the file. A hole keeps the two apart, so there are two VMAs.',
    title: 'A neighbour',
    text: 'The program maps another piece of the same file, and leaves a gap of two pages. The piece does not touch A, so it is a VMA of its own: B. It has no guard, and no flag gu.',
  },
  {
    line: 'mmap 6+2 r file0@6 shared',
    short: 'It maps the hole too. All three fit each other and become one VMA, and the flag sticks to it.',
    title: 'The merge',
    text: 'The program maps the gap too. All three ranges fit each other: the same file, offsets that continue, the same permissions. Only the flag gu differs, and this kernel ignores it when it compares. Three ranges become one VMA.',
  },
  {
    line: 'mprotect 9+3 none',
    short: 'mprotect cuts the VMA in two. Both halves keep the flag.',
    title: 'The flag stuck, and the split keeps it',
    text: 'Only one of the three parts had gu, but the flag is sticky, so the whole VMA has it. When mprotect now splits the VMA, both halves keep the flag, even the half that never had a guard. The kernel does not know where in the VMA the guard is, so it must keep the flag on both.',
  },
  {
    line: 'fork childLives',
    short: 'fork copies the page table of A, because its flag says that there may be a guard in it.',
    title: 'The fork that copies',
    text: 'At a fork, the kernel saves work. Faults can make the page table of a file again, so the kernel does not copy it. But no fault can make a guard again. The flag gu says so, the kernel copies the page table, and the child has its guard.',
  },
];

/** The calls of the story, as scenario lines. */
export const STORY_LINES: string = STORY.map(({ line }) => line).join('\n');

/** The story as the pages show it first. */
export const STORY_RUN: Run = { lines: STORY_LINES, profile: '6.19', softDirty: false };
