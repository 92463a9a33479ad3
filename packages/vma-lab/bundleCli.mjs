// Makes dist/bin.js one file, after tsc has built it from some hundred: a command then starts in a third of the time. The
// worker of the search stands beside it, where the bundle looks for it; what both need is a third file.
import { cpSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  configFile: false,
  logLevel: 'warn',
  root: at('.'),
  ssr: { noExternal: true, resolve: { conditions: ['my-source', 'node'] } },
  build: {
    ssr: true,
    outDir: at('dist'),
    emptyOutDir: false,
    target: 'node20',
    rolldownOptions: {
      input: { bin: at('src/bin.ts'), 'shard.worker': at('../vma-check/src/node/shard.worker.ts') },
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
