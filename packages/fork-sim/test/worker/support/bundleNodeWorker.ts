import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { tempFolder } from '../../../../../scripts/tempFolder.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const vite = fileURLToPath(new URL('../../../../../node_modules/vite/bin/vite.js', import.meta.url));

/** Makes the worker of Node, in one file from the sources, which is there for as long as the tests of a file run. */
export function bundleNodeWorker(): URL {
  const folder = tempFolder('fork-sim-worker-');
  const config = join(root, 'test/worker/support/nodeWorker.config.mjs');
  const args = ['build', '--config', config, '--ssr', 'src/node/forkSim.worker.ts', '--outDir', folder];
  execFileSync(process.execPath, [vite, ...args], { cwd: root, stdio: 'pipe' });
  return pathToFileURL(join(folder, 'forkSim.worker.js'));
}
