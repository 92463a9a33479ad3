// Keeps the library of litmus tests: `node scripts/litmus.mjs seed | fill FILE... | confirm | table | grammar`. Build first: it uses the packages.
//   seed     writes the permutations of the seed, a file a family
//   fill     fills the question marks of drafts with what the model answers on every profile
//   confirm  runs the library on this machine's kernel, and notes in litmus/confirmed.json which files it confirms
//   table    writes litmus/README.md
//   grammar  writes the TextMate grammar, litmus/litmus.tmLanguage.json
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { litmusTextMate } from 'fork-sim';
import { fillLitmus } from './litmus/fillLitmus.mjs';
import { hashOf, libraryTable, readConfirmed, readLibrary } from './litmus/libraryTable.mjs';
import { seedDrafts } from './litmus/seedFamilies.mjs';

const LIBRARY = fileURLToPath(new URL('../litmus', import.meta.url));
const COMMAND = fileURLToPath(new URL('../packages/vma-lab/dist/bin.js', import.meta.url));

/** @type {Readonly<Record<string, (files: readonly string[]) => void>>} */
const TASKS = {
  seed: () => {
    for (const [name, draft] of seedDrafts()) {
      const path = join(LIBRARY, `${name}.litmus`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, fillLitmus(draft, name));
    }
  },
  fill: (files) => {
    for (const file of files) writeFileSync(file, fillLitmus(readFileSync(file, 'utf8'), file));
  },
  confirm: () => {
    const { stdout } = spawnSync(process.execPath, [COMMAND, 'litmus', LIBRARY, '--running', '--json'], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    const { files } = /** @type {{ files: { path: string, here: { verdict: string } }[] }} */ (JSON.parse(stdout));
    const held = new Set(files.filter(({ here }) => here.verdict === 'holds').map(({ path }) => path));
    const library = readLibrary(LIBRARY);
    const kept = library.filter(({ name }) => held.has(join(LIBRARY, `${name}.litmus`)));
    const [kernel = ''] = /^\d+\.\d+\.\d+/.exec(release()) ?? [release()];
    const confirmed = { kernel, files: Object.fromEntries(kept.map(({ name, text }) => [name, hashOf(text)])) };
    const others = readConfirmed(LIBRARY).filter((one) => one.kernel !== kernel);
    writeFileSync(join(LIBRARY, 'confirmed.json'), `${JSON.stringify([...others, confirmed], null, 2)}\n`);
    console.log(`${kernel}: ${kept.length} of ${library.length} files confirmed`);
  },
  grammar: () =>
    writeFileSync(join(LIBRARY, 'litmus.tmLanguage.json'), `${JSON.stringify(litmusTextMate(), null, 2)}\n`),
  table: () => writeFileSync(join(LIBRARY, 'README.md'), libraryTable(readLibrary(LIBRARY), readConfirmed(LIBRARY))),
};

const [task = '', ...files] = process.argv.slice(2);
const perform = TASKS[task];
if (perform === undefined) {
  console.error(`node scripts/litmus.mjs ${Object.keys(TASKS).join(' | ')}`);
  process.exitCode = 2;
} else perform(files);
