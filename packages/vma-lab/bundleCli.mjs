// Makes dist/bin.js and dist/index.js of a few files, after tsc has built them from some hundred: a command then starts in a third of the
// time, and nothing else has to be installed. The worker of the search stands beside them, where the bundle looks for it.
import { cpSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { notices } from '../../scripts/notices.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  configFile: false,
  logLevel: 'warn',
  root: at('.'),
  plugins: [notices()],
  ssr: { noExternal: true, resolve: { conditions: ['my-source', 'node'] } },
  build: {
    ssr: true,
    outDir: at('dist'),
    emptyOutDir: false,
    target: 'node20',
    rolldownOptions: {
      input: {
        bin: at('src/bin.ts'),
        index: at('src/index.ts'),
        'conform/index': at('src/conform/index.ts'),
        'shard.worker': at('../vma-check/src/node/shard.worker.ts'),
      },
      output: { minify: true, entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    },
  },
});

// What `vma-lab conform` performs: the recorded scenarios and the litmus files, for where there is no repository around.
mkdirSync(at('dist/conform'), { recursive: true });
const recordings = '../../conformance/recordings';
cpSync(at(`${recordings}/kernels/scenarios.jsonl.gz`), at('dist/conform/scenarios.jsonl.gz'));
cpSync(at(`${recordings}/kernels2/scenarios.jsonl.gz`), at('dist/conform/scenarios2.jsonl.gz'));
cpSync(at('../../litmus'), at('dist/conform/litmus'), { recursive: true, filter: (path) => !path.endsWith('.md') });
