// Temporary folders that are gone when their process is, however it ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** @type {Set<string>} */
const folders = new Set();

/** Removes every folder of {@link tempFolder}; one that is used again is removed again. */
export function removeTempFolders() {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/** @param {'SIGINT' | 'SIGTERM' | 'SIGHUP'} signal */
function removeAndDie(signal) {
  removeTempFolders();
  // The first of them takes the handlers away, so that this one ends the process.
  for (const one of SIGNALS) process.removeListener(one, removeAndDie);
  process.kill(process.pid, signal);
}

/**
 * A new folder in the system's temporary folder. It is removed when the process exits or a signal ends it; in a test, after the last test
 * of its file (scripts/testSetup.ts).
 *
 * @param {string} name What its name begins with, such as `prober-`.
 * @returns {string} Its path.
 */
export function tempFolder(name) {
  if (folders.size === 0) {
    process.once('exit', removeTempFolders);
    for (const signal of SIGNALS) process.on(signal, removeAndDie);
  }
  const folder = mkdtempSync(join(tmpdir(), name));
  folders.add(folder);
  return folder;
}
