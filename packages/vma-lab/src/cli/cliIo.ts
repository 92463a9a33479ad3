import { EXIT_BAD_INPUT } from './exitStatus.ts';

/** What the command line needs of the outside world, so that tests can stand in for it. */
export interface CliIo {
  /** Writes to standard output; resolves when more may be written. */
  readonly out: (text: string) => void | Promise<void>;
  readonly err: (text: string) => void;
  /** Standard output is a terminal: colours are welcome. */
  readonly outIsTerminal: boolean;
  /** Standard error is a terminal: progress may be shown on it. */
  readonly errIsTerminal: boolean;
  /** Columns of the terminal, where there is one. */
  readonly columns: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard input, for `-`. */
  readonly stdin: () => AsyncIterable<Uint8Array>;
}

/**
 * The process's own streams. A reader of standard output that has seen enough (`| head`) is no error: the rest is not written, and the
 * status is what it would have been. An output that cannot be written, as on a full disk, ends the process with one line and status 2.
 */
export function processIo(): CliIo {
  let isClosed = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      process.stderr.write(`vma-lab: standard output cannot be written: ${error.message}\n`);
      process.exit(EXIT_BAD_INPUT);
    }
    isClosed = true;
  });
  // Where nobody can be told any more.
  process.stderr.on('error', () => {});
  return {
    out: (text) => {
      if (isClosed || process.stdout.write(text)) return undefined;
      return new Promise((resolve) => {
        process.stdout.once('drain', resolve);
        process.stdout.once('close', resolve);
      });
    },
    err: (text) => {
      process.stderr.write(text);
    },
    outIsTerminal: process.stdout.isTTY === true,
    errIsTerminal: process.stderr.isTTY === true,
    columns: process.stdout.columns,
    env: process.env,
    stdin: () => process.stdin as AsyncIterable<Uint8Array>,
  };
}
