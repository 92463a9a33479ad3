#!/usr/bin/env node
// Adds what `vma-lab conform --json` printed to runs.json, and writes the table RUNS.md from it; `--help` says more.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runsTable, withRun } from './runsTable.mjs';

const USAGE = `usage: addRun.mjs [RUN.json...]

Adds runs, as "vma-lab conform --json" prints them, to runs.json; then writes the table RUNS.md. Random scenarios of one kernel and one
day are one row. Without a file it only writes the table.`;

const RUNS = new URL('runs.json', import.meta.url);

const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } });
if (values.help) console.log(USAGE);
else {
  let rows = JSON.parse(readFileSync(RUNS, 'utf8'));
  for (const file of positionals) rows = withRun(rows, JSON.parse(readFileSync(file, 'utf8')));
  writeFileSync(RUNS, `${JSON.stringify(rows, null, 2)}\n`);
  writeFileSync(new URL('RUNS.md', import.meta.url), runsTable(rows));
}
