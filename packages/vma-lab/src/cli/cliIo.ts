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

/** The process's own streams. */
export function processIo(): CliIo {
  return {
    out: (text) => {
      if (process.stdout.write(text)) return undefined;
      return new Promise((resolve) => process.stdout.once('drain', resolve));
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
