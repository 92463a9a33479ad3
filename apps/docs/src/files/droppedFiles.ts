import { type ReadFile, readDroppedFile } from './droppedFile.ts';

/** A log with the maps of its process that came along, or a map, or scenarios. */
export type ReadFiles = Exclude<ReadFile, { readonly kind: 'strace' | 'smaps' | 'maps' }> | DroppedFiles;

/** What the worker is given. */
export interface DroppedFiles {
  readonly kind: 'strace' | 'smaps' | 'maps';
  readonly file: File;
  /** Of a log: the process's smaps when it begins, and when it ends. */
  readonly initial?: File;
  readonly final?: File;
}

/**
 * Finds out what files that came together are. A log takes the smaps that came along: the one whose name says `final`, `end` or `after`
 * is that of its end, any other that of its beginning.
 * @throws what {@link readDroppedFile} throws for the first file that is nothing
 */
export async function readDroppedFiles(files: readonly File[]): Promise<ReadFiles | null> {
  const opened: ReadFile[] = [];
  for (const file of files) opened.push(await readDroppedFile(file));
  const log = opened.find((one) => one.kind === 'strace');
  if (log?.kind !== 'strace') return opened[0] ?? null;
  const maps = opened.flatMap((one) => (one.kind === 'smaps' || one.kind === 'maps' ? [one.file] : []));
  const named = maps.find(({ name }) => /final|end|after/i.test(name));
  const others = maps.filter((file) => file !== named);
  const initial = others.find(({ name }) => /initial|start|before/i.test(name)) ?? others[0];
  const final = named ?? others.find((file) => file !== initial);
  return { ...log, ...(initial ? { initial } : {}), ...(final ? { final } : {}) };
}
