import type { MapDifference, MapRow, WrongAnswer } from 'fork-sim';
import { flagWords } from 'fork-sim/words';
import type { SubjectMap } from '../input/subjectMap.ts';

/** An address as JSON has it: `0x7f238b600000`. */
export type HexAddress = string;

/** An address in hex. */
export function hexAddress(address: number): HexAddress {
  return `0x${address.toString(16)}`;
}

/** A result for a reader: errno names as they are, addresses in hex, small numbers plain. */
export function showResult(result: WrongAnswer['log']): string {
  if (typeof result === 'string') return result;
  return result > 0xffff ? hexAddress(result) : String(result);
}

/** A VMA that is not the same on both sides, as JSON has it: `a` is the real map or the first kernel's, `b` the other. */
export function differenceJson({ real, model, fields }: MapDifference) {
  return { a: real && rowJson(real), b: model && rowJson(model), fields };
}

function rowJson(row: MapRow) {
  const { start, end, perms, pgoff, name } = row;
  return { start: hexAddress(start), end: hexAddress(end), perms, pgoff, flags: flagWords(row), name };
}

/** What every answer about a map or a log says of its input. */
export function subjectJson({
  file,
  kernel,
  maxMapCount,
  notes,
}: Pick<SubjectMap, 'file' | 'kernel' | 'maxMapCount' | 'notes'>) {
  const { profile, measured } = kernel;
  return { file, kernel: kernel.kernel, profile: profile.name, measured, maxMapCount, notes };
}
