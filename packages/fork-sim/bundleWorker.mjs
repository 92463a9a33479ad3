// Makes dist/worker/forkSim.worker.js one file that imports nothing, after tsc has built it from parts: a page without a bundler
// can then start the worker, in which import maps do not count. Bundlers take the file as it is.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { notices } from '../../scripts/notices.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  configFile: false,
  logLevel: 'warn',
  root: at('.'),
  plugins: [notices()],
  resolve: { conditions: ['my-source'] },
  build: {
    lib: { entry: at('src/worker/forkSim.worker.ts'), formats: ['es'], fileName: () => 'forkSim.worker.js' },
    outDir: at('dist/worker'),
    emptyOutDir: false,
    sourcemap: false,
    // By rolldown: Vite itself leaves the spaces of a library.
    rolldownOptions: { output: { minify: true } },
    target: 'es2022',
  },
});
