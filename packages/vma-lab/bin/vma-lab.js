#!/usr/bin/env node
// Committed, not built: npm links a bin only if its file exists at install time.
import { existsSync } from 'node:fs';
import module from 'node:module';

// From Node 22.1 on: the second start need not compile.
module.enableCompileCache?.();

const entry = new URL('../dist/bin.js', import.meta.url);
if (existsSync(entry)) {
  await import(entry.href);
} else {
  process.stderr.write('vma-lab: not built yet; run `npm run build` at the root of the repository\n');
  process.exitCode = 2;
}
