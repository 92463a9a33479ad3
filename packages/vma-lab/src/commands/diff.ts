import { mapDiff } from 'fork-sim';
import { InputError } from 'proc-io';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_DIFFERENT, EXIT_OK } from '../cli/exitStatus.ts';
import { jsonLine, printable } from '../cli/printable.ts';
import { allOption } from '../cli/sharedOptions.ts';
import type { Style } from '../cli/style.ts';
import { UsageError } from '../cli/usageError.ts';
import { drawDiff } from '../draw/drawDiff.ts';
import { type MapSubject, openSubject } from '../input/subject.ts';
import { diffJson } from '../json/diffJson.ts';

/** Options of `vma-lab diff`. */
interface DiffCommand {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Says what became of the VMAs of one map in another. Status 1 where they differ, as of diff. */
async function diff(operands: readonly string[], options: DiffCommand, io: CliIo, style: Style): Promise<number> {
  const [first = '-', second = '-'] = operands;
  if (first === '-' && second === '-') throw new UsageError('only one of the two maps can be standard input');
  const [from, to] = [await openMap(first, io), await openMap(second, io)];
  const diff = mapDiff(from.smaps.entries, to.smaps.entries);
  const answer = { files: { from: from.file, to: to.file }, diff };
  await io.out(options.json ? jsonLine(diffJson(answer)) : drawDiff(printable(answer), options, style));
  return diff.changes.length === 0 ? EXIT_OK : EXIT_DIFFERENT;
}

async function openMap(operand: string, io: CliIo): Promise<MapSubject> {
  const subject = await openSubject(operand, io);
  if (subject.kind === 'map') return subject;
  const advice = 'diff compares two smaps or maps; vma-lab replay LOG --final SMAPS compares a log with a map';
  throw new InputError(`this is ${subject.recording === null ? 'no map' : 'a recording'}: ${advice}`, {
    file: operand,
  });
}

/** `vma-lab diff`. */
export const diffCommand: CommandRow<DiffCommand> = {
  name: 'diff',
  summary: 'What became of the VMAs between two maps: added, lost, moved, merged, split, with other flags?',
  prints:
    'Prints the changes, like ones as one: VMAs that were added (+), lost (-) or changed (~), and where the first is. The status is 0 where the maps are the same, 1 where they differ, 2 where one cannot be read.',
  operands: [
    ['<from>', 'a smaps, a maps (may be gzip), or a pid; - reads standard input'],
    ['<to>', 'another one: of the same process later, or of another process'],
  ],
  options: [allOption('every group of changes')],
  examples: `vma-lab diff before.smaps after.smaps
cat /proc/1234/smaps > before.smaps; sleep 60; vma-lab diff before.smaps 1234
vma-lab diff $(pgrep -o nginx) $(pgrep -n nginx)`,
  run: diff,
};
