import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const vite = fileURLToPath(new URL('../../../../../node_modules/vite/bin/vite.js', import.meta.url));

/** The worker of Node, in one file made from the sources. */
export interface BundledWorker {
  readonly url: URL;
  /** Removes the file. */
  readonly remove: () => void;
}

export function bundleNodeWorker(): BundledWorker {
  const folder = mkdtempSync(join(tmpdir(), 'fork-sim-worker-'));
  const config = join(root, 'test/worker/support/nodeWorker.config.mjs');
  const args = ['build', '--config', config, '--ssr', 'src/node/forkSim.worker.ts', '--outDir', folder];
  execFileSync(process.execPath, [vite, ...args], { cwd: root, stdio: 'pipe' });
  return {
    url: pathToFileURL(join(folder, 'forkSim.worker.js')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
