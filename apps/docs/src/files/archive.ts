import { bytesUpTo, headOf } from './fileLines.ts';

/** Bytes that an archive may unpack to, and files that are taken of it, at most. */
const MOST_BYTES = 1 << 28;
const MOST_FILES = 500;
/** A header of tar, and what each file is padded to. */
const BLOCK = 512;

/** The files of a zip or a tar, packed or not; `null`: it is neither. @throws Error where it is damaged, or too large to unpack here */
export async function filesOfArchive(file: File): Promise<File[] | null> {
  const head = await headOf(file);
  if (head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4) return filesOfZip(file);
  return textAt(head, 257, 5) === 'ustar' ? filesOfTar(file) : null;
}

async function filesOfZip(file: File): Promise<File[]> {
  const { unzipSync } = await import('fflate');
  let bytes = 0;
  const wanted = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
    if (name.endsWith('/')) return false;
    bytes += originalSize;
    if (bytes > MOST_BYTES) throw tooLarge(file);
    return true;
  };
  try {
    const packed = new Uint8Array(await file.arrayBuffer());
    return asFiles(Object.entries(unzipSync(packed, { filter: wanted })));
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError(`${file.name}: this zip file cannot be unpacked (${messageOf(error)}).`);
  }
}

async function filesOfTar(file: File): Promise<File[]> {
  const bytes = await bytesUpTo(file, MOST_BYTES);
  if (bytes === null) throw tooLarge(file);
  const found: [string, Uint8Array][] = [];
  for (let at = 0; at + BLOCK <= bytes.length && bytes[at] !== 0; ) {
    const size = Number.parseInt(textAt(bytes, at + 124, 12).trim(), 8);
    if (!(size >= 0)) throw new ArchiveError(`${file.name}: this tar file is damaged at byte ${at}.`);
    const type = bytes[at + 156];
    const begin = at + BLOCK;
    // '0' and zero are files; links, folders and longer names are not.
    if (type === 0x30 || type === 0) found.push([textAt(bytes, at, 100), bytes.subarray(begin, begin + size)]);
    at = begin + Math.ceil(size / BLOCK) * BLOCK;
  }
  return asFiles(found);
}

/** In the order of their names, hidden ones left out: so the same archive always gives the same. */
function asFiles(found: readonly (readonly [string, Uint8Array])[]): File[] {
  return found
    .map(([path, bytes]) => ({ name: path.slice(path.lastIndexOf('/') + 1), bytes }))
    .filter(({ name }) => name !== '' && !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, MOST_FILES)
    .map(({ name, bytes }) => new File([new Uint8Array(bytes)], name));
}

/** The text of a field, up to its first zero. */
function textAt(bytes: Uint8Array, at: number, length: number): string {
  const text = String.fromCharCode(...bytes.subarray(at, at + length));
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** An archive that cannot be unpacked here. */
class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

function tooLarge(file: File): ArchiveError {
  return new ArchiveError(
    `${file.name} unpacks to more than ${MOST_BYTES / 2 ** 20} MB. Unpack it, and drop the files that you need.`,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
