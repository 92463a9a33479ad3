import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../tempFolder.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What each folder may say. `#` in a path stands for the number of the case, so that each has a file of its own. */
const ALLOWED: readonly (readonly [file: string, text: string])[] = [
  ['packages/vma-core/src/index.ts', "export * from './diagram/index.ts';"],
  ['packages/vma-core/src/#.ts', "import './merge/b.ts';"],
  ['packages/vma-core/src/mm/#.ts', "import '../merge/b.ts'; import '../mm.ts';"],
  ['packages/vma-core/test/#.test.ts', "import 'vitest'; import 'fast-check'; import 'node:fs'; import '../src/a.ts';"],
  ['packages/pt-model/src/#.ts', "import './b.ts';"],
  ['packages/proc-io/src/#.ts', "import 'vma-core'; import './strace/b.ts';"],
  ['packages/fork-sim/src/process/#.ts', "import 'pt-model'; import 'vma-core'; import './b.ts';"],
  ['packages/fork-sim/src/report/#.ts', "import '../replay/b.ts'; import '../trace/b.ts'; import '../words/b.ts';"],
  [
    'packages/fork-sim/src/picture/#.ts',
    "import '../report/b.ts'; import '../trace/b.ts'; import '../words/b.ts'; import 'vma-core';",
  ],
  ['packages/fork-sim/src/worker/#.ts', "import 'comlink'; import '../report/b.ts';"],
  ['packages/fork-sim/src/node/#.ts', "import 'node:worker_threads'; import 'comlink/dist/esm/node-adapter.mjs';"],
  ['packages/fork-sim/test/#.test.ts', "import '../../vma-core/src/anonVma.ts'; import 'fork-sim/worker';"],
  ['packages/vma-check/src/#.ts', "import 'fork-sim'; import 'pt-model'; import './b.ts';"],
  ['packages/vma-lab/src/cli/#.ts', "import 'node:fs'; import 'fork-sim'; import 'vma-check'; import '../draw/b.ts';"],
  ['apps/docs/src/picture/#.ts', "import 'fork-sim/words'; import '../words/b.ts';"],
  ['apps/docs/src/components/playground/#.tsx', "import '../Strip.tsx'; import '../../picture/b.ts'; import 'react';"],
];

/** What each folder may not say. */
const REFUSED: readonly (readonly [file: string, text: string])[] = [
  ['packages/vma-core/src/#.ts', "import 'proc-io';"],
  ['packages/vma-core/src/#.ts', "import 'fast-check';"],
  ['packages/vma-core/src/#.ts', "import 'node:fs';"],
  ['packages/vma-core/src/#.ts', "import 'fs';"],
  ['packages/vma-core/src/#.ts', "import '../../pt-model/src/index.ts';"],
  ['packages/vma-core/src/#.ts', "import '../test/helper.ts';"],
  ['packages/vma-core/src/#.ts', "import './diagram/b.ts';"],
  ['packages/vma-core/src/#.ts', '/// <reference types="node" />'],
  ['packages/vma-core/src/#.ts', '/// <reference lib="dom" />'],
  ['packages/vma-core/src/merge/#.ts', "import '../mm/b.ts';"],
  ['packages/vma-core/src/mm/#.ts', "import '../diagram/b.ts';"],
  ['packages/vma-core/test/#.test.ts', "import 'fork-sim';"],
  ['packages/vma-core/test/#.test.ts', "import '../../pt-model/src/index.ts';"],
  ['packages/pt-model/src/#.ts', "export type { Vma } from 'vma-core';"],
  ['packages/pt-model/src/#.ts', "export type T = import('vma-core').Vma;"],
  ['packages/pt-model/src/#.ts', "export const t = await import('vma-core');"],
  ['packages/pt-model/test/#.test.ts', "import 'vma-core';"],
  ['packages/proc-io/src/#.ts', "export * from 'fork-sim';"],
  ['packages/proc-io/src/maps/#.ts', "import 'node:fs';"],
  ['packages/fork-sim/src/#.ts', "import './worker/b.ts';"],
  ['packages/fork-sim/src/process/#.ts', "export type { A } from '../replay/b.ts';"],
  ['packages/fork-sim/src/process/#.ts', "import 'proc-io';"],
  ['packages/fork-sim/src/scenario/#.ts', "import '../replay/b.ts';"],
  ['packages/fork-sim/src/scenario/#.ts', "import '../../../vma-core/src/index.ts';"],
  ['packages/fork-sim/src/replay/#.ts', "import '../scenario/b.ts';"],
  ['packages/fork-sim/src/trace/#.ts', "import '../report/b.ts';"],
  ['packages/fork-sim/src/report/#.ts', "import '../worker/b.ts';"],
  ['packages/fork-sim/src/report/#.ts', "import 'comlink';"],
  ['packages/fork-sim/src/words/#.ts', "import '../process/b.ts';"],
  ['packages/fork-sim/src/picture/#.ts', "import '../worker/b.ts';"],
  ['packages/fork-sim/src/picture/#.ts', "import 'node:fs';"],
  ['packages/fork-sim/src/report/#.ts', "import '../picture/b.ts';"],
  ['packages/fork-sim/src/worker/#.ts', "import '../node/b.ts';"],
  ['packages/fork-sim/src/worker/#.ts', "import 'node:worker_threads';"],
  ['packages/fork-sim/src/report/#.ts', "import 'vma-check';"],
  ['packages/vma-check/src/#.ts', "import 'vma-lab';"],
  ['packages/vma-check/src/#.ts', "import 'node:fs';"],
  ['packages/vma-lab/src/cli/#.ts', "import 'pt-model';"],
  ['packages/vma-lab/src/cli/#.ts', "import '../../test/cli.ts';"],
  ['packages/vma-lab/src/draw/#.ts', "import '../commands/b.ts';"],
  ['packages/vma-lab/src/input/#.ts', "import '../draw/b.ts';"],
  ['apps/docs/src/picture/#.ts', "import '../components/Strip.tsx';"],
  ['apps/docs/src/words/#.ts', "import '../picture/b.ts';"],
  ['apps/docs/src/components/#.tsx', "import '../pages/index.tsx';"],
  ['apps/docs/src/components/#.tsx', "import 'node:fs';"],
];

/** Outside the repository: the rules alone, without its sources. */
let folder = '';
const faults = new Map<string, string[]>();
const named = (kind: string, file: string, index: number): string => file.replace('#', `${kind}${index}`);

function write(file: string, text: string): void {
  mkdirSync(join(folder, dirname(file)), { recursive: true });
  writeFileSync(join(folder, file), `${text}\n`);
}

beforeAll(() => {
  folder = tempFolder('imports-');
  copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  ALLOWED.forEach(([file, text], index) => {
    write(named('allowed', file, index), text);
  });
  REFUSED.forEach(([file, text], index) => {
    write(named('refused', file, index), text);
  });
  write('packages/vma-core/src/egg.ts', "import type { Hen } from './hen.ts';\nexport type Egg = Hen | null;");
  write('packages/vma-core/src/hen.ts', "export type { Egg } from './egg.ts';\nexport type Hen = 1;");
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['--format=json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] };
  for (const { filename, code } of diagnostics) faults.set(filename, [...(faults.get(filename) ?? []), code]);
});

describe('the linter', () => {
  it.each(ALLOWED.map(([file, text], index) => [file, text, index] as const))('lets %s say %s', (file, _, index) => {
    expect(faults.get(named('allowed', file, index)) ?? []).toEqual([]);
  });

  it.each(REFUSED.map(([file, text], index) => [file, text, index] as const))('refuses in %s: %s', (file, _, index) => {
    expect(faults.get(named('refused', file, index))).toHaveLength(1);
  });

  it('refuses a cycle of imports, of types too', () => {
    expect(faults.get('packages/vma-core/src/egg.ts')).toEqual(['import(no-cycle)']);
    expect(faults.get('packages/vma-core/src/hen.ts')).toEqual(['import(no-cycle)']);
  });
});
