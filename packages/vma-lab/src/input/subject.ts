import { describeInput, InputError, type Smaps } from 'proc-io';
import type { CliIo } from '../cli/cliIo.ts';
import { type OpenedLog, openLogs, peek } from './openInput.ts';
import { pidOf, readProcessMap, smapsOf } from './processMap.ts';
import { readSmaps, readSmapsOf } from './readSmaps.ts';
import { isRecording, type Recording, readRecording } from './recording.ts';

/** The map of a process, from a file or from the process itself. */
export interface MapSubject {
  readonly kind: 'map';
  readonly file: string;
  readonly smaps: Smaps;
  /** `null`: it is from a file. */
  readonly pid: number | null;
}

/** A log that is about to be read. */
export interface LogSubject {
  readonly kind: 'log';
  readonly file: string;
  readonly log: OpenedLog;
  /** The recording that it is of, with its maps; `null`: the log came alone. */
  readonly recording: Recording | null;
}

/** What a question is asked of. */
export type Subject = MapSubject | LogSubject;

/**
 * Opens what a question is asked of, by what it is: a pid, a smaps, a maps or what other tools print of one, a log, the folder of a
 * recording, or of the files of `strace -ff`. `-`: standard input.
 *
 * @throws InputError where it is none of these, or cannot be read
 */
export async function openSubject(operand: string, io: CliIo): Promise<Subject> {
  const pid = pidOf(operand);
  if (pid !== null) return { kind: 'map', file: smapsOf(pid), smaps: await readProcessMap(pid, io), pid };
  if (isRecording(operand)) {
    const recording = await readRecording(operand, io);
    const map = recording.firstMaps.final ?? recording.firstMaps.initial;
    if (recording.isIdle && map !== undefined) {
      io.err(`vma-lab: ${operand}: the process made no call about memory while it was recorded; this is its map\n`);
      return { kind: 'map', file: map, smaps: await readSmaps(map, io), pid: null };
    }
    const log = await openLogs([recording.log], io);
    return { kind: 'log', file: operand, log, recording };
  }
  const opened = await openLogs([operand], io);
  const input = await peek(opened.input);
  const { kind, what, command, instead } = describeInput(input.head());
  switch (kind) {
    case 'smaps':
    case 'maps':
      return { kind: 'map', file: operand, smaps: await readSmapsOf(input, io), pid: null };
    case 'strace':
    case 'unknown':
      if (input.head().length === 0) throw new InputError('the file is empty', { file: operand, line: 1, column: 1 });
      // Of a file of no kind the reader of logs says where, and that it may be a log all the same.
      return { kind: 'log', file: operand, log: { ...opened, input }, recording: null };
    default:
      throw new InputError(`this is ${what}: ${instead ?? `vma-lab ${command} reads it`}`, { file: operand });
  }
}
