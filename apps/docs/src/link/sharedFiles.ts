import type { DroppedFiles } from '../files/droppedFiles.ts';
import { textOf } from '../files/fileLines.ts';
import { encodeShare, type ShareState } from './shareLink.ts';

/** Characters of a link at most: programs that pass links on cut longer ones. */
const LONGEST_LINK: number = 2 ** 16;
/** Characters of the files at most. A log is a tenth as long once it is packed, so more has no chance; and it is packed on the main thread. */
const LONGEST_FILES = 2 ** 21;

/** The files do not fit a link. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError';

  constructor(what: string) {
    super(`${what} is too long for a link: send the files themselves, or share a part of the log.`);
  }
}

/**
 * The fragment of a link that opens these files as they are shown now.
 * @throws TooLongError where the link would be longer than {@link LONGEST_LINK}
 */
export async function encodeFiles(
  { file, initial, final, maps = [] }: DroppedFiles,
  shown: Pick<ShareState, 'profile' | 'step' | 'faults'>,
): Promise<string> {
  const files = [];
  let left = LONGEST_FILES;
  for (const one of [file, initial, final, ...maps.map(({ source }) => source)]) {
    if (one === undefined) continue;
    const text = await textOf(one, left);
    if (text === null) throw new TooLongError(one.name);
    left -= text.length;
    files.push({ name: one.name, text });
  }
  const fragment = encodeShare({ text: '', ...shown, files });
  if (fragment.length > LONGEST_LINK) throw new TooLongError(file.name);
  return fragment;
}
