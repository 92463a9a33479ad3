import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Works in a new temporary folder, which is gone afterwards, also where a signal ends the process meanwhile. */
export async function inTempFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'vma-lab-'));
  const remove = (): void => {
    for (const signal of SIGNALS) process.removeListener(signal, die);
    rmSync(folder, { recursive: true, force: true });
  };
  const die = (signal: NodeJS.Signals): void => {
    remove();
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, die);
  try {
    return await work(folder);
  } finally {
    remove();
  }
}
