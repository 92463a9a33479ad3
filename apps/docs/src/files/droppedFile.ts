import { describeInput, InputError } from 'proc-io';
import { headOf, textOf } from './fileLines.ts';
import { type ScenarioFile, scenarioFile } from './scenarioFile.ts';

/** Characters that the editor takes of a file. */
const MOST_TEXT = 2 ** 18;

/** What a dropped file is. A log or a map goes to the worker as it is; scenarios are read here. */
export type ReadFile =
  | { readonly kind: 'strace' | 'smaps' | 'maps' | 'faults'; readonly file: File }
  | { readonly kind: 'litmus'; readonly name: string; readonly text: string }
  | { readonly kind: 'scenarios'; readonly name: string; readonly list: ScenarioFile };

/** A file that nothing can be made of. */
class FileError extends Error {
  override readonly name = 'FileError';
}

/**
 * Finds out by its content what a file is, and reads it if it holds scenarios. Only the beginning of a file is read, packed or not.
 * @throws FileError for an unknown kind; InputError, with line and column, for a scenario that is wrong
 */
export async function readDroppedFile(file: File): Promise<ReadFile> {
  if (file.size === 0) throw new FileError(`${file.name} is empty.`);
  const head = await headOf(file);
  const { kind, what, instead } = describeInput(head);
  switch (kind) {
    case 'strace':
    case 'smaps':
    case 'maps':
    case 'faults':
      return { kind, file };
    case 'scenario':
    case 'recording':
      return { kind: 'scenarios', name: file.name, list: await scenarioFile(file, kind) };
    case 'litmus':
      return { kind, name: file.name, text: await readLitmus(file) };
    case 'gzip':
      throw new FileError(`${file.name} was packed twice: unpack it once.`);
    case 'other':
      throw new FileError(`${file.name}: this is ${what}: ${instead}.`);
    case 'unknown':
      throw new FileError(
        `${file.name}: not a strace log, smaps, maps, litmus file, scenario or recording. The content decides, not the name.`,
      );
    default:
      return kind satisfies never;
  }
}

/** An error as one reads it: what is wrong, and where. */
export function errorText(error: unknown): string {
  if (error instanceof InputError) return `${placeOf(error)}${error.message}`;
  return error instanceof Error ? error.message : 'The file could not be read.';
}

function placeOf({ file, line, column }: InputError): string {
  const place = [file, line, column].filter((one) => one !== undefined).join(':');
  return place === '' ? '' : `${place}: `;
}

/** The lines of a litmus file, for the editor. */
async function readLitmus(file: File): Promise<string> {
  const text = await textOf(file, MOST_TEXT);
  if (text === null) throw new FileError(`${file.name} is too long for the editor.`);
  return text;
}
