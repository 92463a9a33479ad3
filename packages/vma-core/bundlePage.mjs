// Makes dist/vma-core.page.js: all entries of the package in one file for a page that has no bundler.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  configFile: false,
  logLevel: 'warn',
  root: at('.'),
  build: {
    lib: { entry: at('src/page.ts'), formats: ['es'], fileName: () => 'vma-core.page.js' },
    outDir: at('dist'),
    emptyOutDir: false,
    target: 'es2022',
    // By rolldown: Vite itself leaves the spaces of a library.
    rolldownOptions: { output: { minify: true } },
  },
});
