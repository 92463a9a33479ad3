#!/usr/bin/env node
// Damaged files for every reader; `--help` says more.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fuzzReader } from './fuzzReader.mjs';
import { READERS } from './readers.mjs';

const USAGE = `usage: fuzzReaders.mjs [--reader NAME,NAME|all] [--from SEED] [--files N] [--seconds N] [--keep FILE]

Damages files of the corpus and gives them to their reader. No error but an InputError may come, every line must be counted, pieces of any size
must give the same, and no text may take long. The first text of which that does not hold is printed, or kept; the exit status is then 1.

  --reader NAMES   of ${READERS.map(({ name }) => name).join(', ')}; default: all
  --from SEED      the first seed; default 1
  --files N        files for each reader; default 10,000
  --seconds N      at most so long for each
  --keep FILE      writes the text that was found
  --help           this text`;

const { values } = parseArgs({
  options: {
    reader: { type: 'string', default: 'all' },
    from: { type: 'string', default: '1' },
    files: { type: 'string', default: '10000' },
    seconds: { type: 'string' },
    keep: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit();
}

const names = values.reader === 'all' ? READERS.map(({ name }) => name) : values.reader.split(',');
const limits = {
  from: Number(values.from),
  files: Number(values.files),
  ...(values.seconds === undefined ? {} : { seconds: Number(values.seconds) }),
};
for (const reader of READERS.filter(({ name }) => names.includes(name))) {
  const { files, lines, found } = fuzzReader(reader, limits);
  console.log(`${reader.name}: ${files} files, ${lines} lines`);
  if (found === null) continue;
  console.log(`seed ${found.seed}: ${found.what}\n${values.keep === undefined ? JSON.stringify(found.text) : ''}`);
  if (values.keep !== undefined) writeFileSync(values.keep, found.text);
  process.exitCode = 1;
}
