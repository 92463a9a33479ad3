import { parseArgs } from 'node:util';

/** The command line. */
export interface Options {
  readonly help: boolean;
  /** Where the report goes, as JSON; `null`: nowhere. */
  readonly json: string | null;
  /** Parts of the names of cases; empty: all of them. */
  readonly only: readonly string[];
}

export const HELP = `npm run bench -- [--only NAME]... [--json FILE]

Measures the model side by side with the kernel that runs underneath, and says which targets are met.

  --only NAME   only cases whose name contains NAME: merge, merge/mmap/65000, lookup, fork, guard,
                fault, bigfork, memory, strace, worker, check
  --json FILE   write the report to FILE as well
  --help        this text
`;

/** Reads the command line. Throws a TypeError for what it does not know. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      json: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  return { help: values.help, json: values.json ?? null, only: values.only };
}
