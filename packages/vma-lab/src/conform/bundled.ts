import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package: the one with `package.json`. The bundle, the build and the sources stand in it at different depths. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** A file or folder that this package brings: the prober's sources. */
export function ownFile(name: string): string {
  return join(packageFolder(), name);
}

/** Where the repository has what the package brings a copy of, `bundleCli.mjs` makes it. */
const COPIED = {
  'scenarios.jsonl.gz': 'conformance/recordings/kernels/scenarios.jsonl.gz',
  'scenarios2.jsonl.gz': 'conformance/recordings/kernels2/scenarios.jsonl.gz',
  litmus: 'litmus',
};

/** Scenarios and litmus files: the repository's own where this is the repository, else the copies in the package. */
export function bundledFile(name: keyof typeof COPIED): string {
  const inRepository = join(packageFolder(), '../..', COPIED[name]);
  return existsSync(inRepository) ? inRepository : join(packageFolder(), 'dist/conform', name);
}
