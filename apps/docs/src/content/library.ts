import type { LitmusVerdict } from 'fork-sim';

/** A file of the library of litmus tests, as the site shows it. */
export interface LibraryRow {
  /** Folder and file, without `.litmus`. */
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly text: string;
  readonly softDirty: boolean;
  /** One for each of the seven profiles, in their order. */
  readonly verdicts: readonly LitmusVerdict['verdict'][];
  /** Real kernels that confirmed it. */
  readonly confirmed: readonly string[];
}

/** The rows by their folders, in their order. */
export function byFolder(rows: readonly LibraryRow[]): ReadonlyMap<string, readonly LibraryRow[]> {
  const folders = new Map<string, LibraryRow[]>();
  for (const row of rows) {
    const folder = row.name.split('/')[0] ?? '';
    folders.set(folder, [...(folders.get(folder) ?? []), row]);
  }
  return folders;
}
