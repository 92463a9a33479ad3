import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const folders = new Set<string>();

/** A new folder in the system's temporary folder. It is removed when the process exits or a signal ends it. */
export function tempFolder(name: string): string {
  if (folders.size === 0) {
    process.once('exit', removeAll);
    for (const signal of SIGNALS) process.on(signal, die);
  }
  const folder = mkdtempSync(join(tmpdir(), name));
  folders.add(folder);
  return folder;
}

/** Works in a new temporary folder, which is gone afterwards. */
export async function inTempFolder<Result>(name: string, work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = tempFolder(name);
  try {
    return await work(folder);
  } finally {
    remove(folder);
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
  if (folders.size > 0) return;
  process.removeListener('exit', removeAll);
  for (const signal of SIGNALS) process.removeListener(signal, die);
}

function removeAll(): void {
  for (const folder of folders) remove(folder);
}

function die(signal: NodeJS.Signals): void {
  removeAll();
  process.kill(process.pid, signal);
}
