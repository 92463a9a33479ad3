/** The commands that read files, by what they read. */
export type FileCommand = 'replay' | 'smaps' | 'verify' | 'run';

/** A kind of file that is known by its content. */
export interface FileKind {
  /** What it is, behind "this is". */
  readonly what: string;
  /** The command that reads it; `null`: none does. */
  readonly command: FileCommand | null;
  /** What to do instead, where no command reads it. */
  readonly instead?: string;
  /** True for the beginning of such a file. */
  readonly is: (lines: readonly string[]) => boolean;
}

/** True where a line of the first hundred is like it. */
export const some =
  (pattern: RegExp) =>
  (lines: readonly string[]): boolean =>
    lines.slice(0, 100).some((line) => pattern.test(line.slice(0, 1000)));
