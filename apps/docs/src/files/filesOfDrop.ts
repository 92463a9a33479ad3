/** Files that are taken of a folder, at most. */
const MAX_FILES = 500;

/**
 * The files of a drop, those in a dropped folder too. To be called while the event is handled: what was dropped is gone afterwards.
 */
export function filesOfDrop(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry?.() ?? null)
    .filter((entry) => entry !== null);
  const files = [...transfer.files];
  return entries.some(({ isDirectory }) => isDirectory) ? filesOfEntries(entries) : Promise.resolve(files);
}

/** In the order of their names, so that the same folder always gives the same. */
async function filesOfEntries(entries: readonly FileSystemEntry[]): Promise<File[]> {
  const files: File[] = [];
  const waiting = [...entries];
  for (let entry = waiting.shift(); entry !== undefined && files.length < MAX_FILES; entry = waiting.shift()) {
    if (entry.isDirectory) waiting.unshift(...(await entriesOf(entry as FileSystemDirectoryEntry)));
    else files.push(await fileOf(entry as FileSystemFileEntry));
  }
  return files;
}

/** A reader gives some entries at a time, and none at the end. */
async function entriesOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => {
      reader.readEntries(done, failed);
    });
    if (some.length === 0) break;
    all.push(...some);
    if (all.length > MAX_FILES) break;
  }
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((done, failed) => {
    entry.file(done, failed);
  });
}
