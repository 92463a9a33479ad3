import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'vite';
import { beforeAll, expect, it } from 'vitest';
import { kernelProfile } from 'vma-core';
import { tempFolder } from '../../../scripts/tempFolder.mjs';
import { type ExploreOptions, explore } from '../src/index.ts';
import { shardThreads } from '../src/node/index.ts';

const folder = tempFolder('shard-worker-');
const worker = (): Worker => new Worker(pathToFileURL(join(folder, 'shard.worker.js')), { execArgv: [] });

// The worker of the package runs from dist; tests run from the sources, so that it is made of them here.
beforeAll(() =>
  build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('..', import.meta.url)),
    ssr: { noExternal: true, resolve: { conditions: ['my-source'] } },
    build: { ssr: 'src/node/shard.worker.ts', outDir: folder, emptyOutDir: false, minify: false },
  }),
);

it.each([
  ['as-posted', { ops: 'guards', pages: 2 }],
  ['6.19', { ops: 'small', pages: 2, depth: 5 }],
] as const)('two threads find on %s what one shard finds', async (profile, options: ExploreOptions) => {
  const [{ bytes: _, ...two }, { bytes: __, ...one }] = await Promise.all([
    explore(kernelProfile(profile), { ...options, team: shardThreads(2, { worker }) }),
    explore(kernelProfile(profile), options),
  ]);
  expect(two).toEqual(one);
});

it('a property of one’s own cannot go to another thread', async () => {
  const properties = [{ name: 'own', says: 'Nothing.', broken: () => -1 }];
  const searching = explore(kernelProfile('6.19'), { properties, team: shardThreads(2, { worker }) });
  await expect(searching).rejects.toThrow('another thread does not know the property "own"');
});

it('says when a thread dies', async () => {
  const dying = (): Worker => new Worker('process.exit(3)', { eval: true });
  const searching = explore(kernelProfile('6.19'), { pages: 1, team: shardThreads(2, { worker: dying }) });
  await expect(searching).rejects.toThrow('a thread of the search ended, with exit status 3');
});
