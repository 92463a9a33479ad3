import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parseSmaps, parseStrace, type SmapsEntry } from 'proc-io';
import { expect } from 'vitest';
import { kernelProfile } from 'vma-core';
import type { Process } from '../../src/process/process.ts';
import { validateWorld } from '../../src/process/validateProcess.ts';
import { Replay } from '../../src/replay/replay.ts';
import type { ReplayedProcess } from '../../src/replay/replayedProcess.ts';
import type { ReplayOptions } from '../../src/replay/replayOptions.ts';
import { compareMaps, type MapComparison, rowsOfSmaps } from '../../src/report/compareMaps.ts';
import { type MapRow, mapRow } from '../../src/report/vmaRow.ts';

/** The VMAs of a process, as smaps would show them. */
const rowsOf = (process: Process): MapRow[] => process.mm.vmas().map((vma) => mapRow(vma, ''));

/** Replays the lines of a log. Every process that is left is in a sound state. */
export function replayText(log: string, options: Partial<ReplayOptions> & { readonly kernel?: string } = {}): Replay {
  const { kernel = '6.19', ...rest } = options;
  const replay = new Replay({ profile: kernelProfile(kernel), ...rest });
  for (const event of parseStrace(`${log.trim()}\n`)) replay.feed(event);
  replay.end();
  expect(validateWorld(replay.world)).toEqual([]);
  return replay;
}

/** The VMAs of the first process: `10000-12000 rw-p`. */
export function mapOf(replay: Replay): string[] {
  const process = replay.first?.space.process;
  if (process === undefined) return [];
  return rowsOf(process).map(({ start, end, perms }) => `${start.toString(16)}-${end.toString(16)} ${perms}`);
}

/** A smaps of mappings, given as lines of maps and of `VmFlags:`. */
export function smapsOf(text: string): readonly SmapsEntry[] {
  return parseSmaps(`${text.trim()}\n`).entries;
}

const PROGRAMS = fileURLToPath(new URL('../../../../conformance/programs/', import.meta.url));

/** A process of a program's recording. */
interface RecordedProcess {
  readonly pid: number | 'first';
  readonly initial?: readonly SmapsEntry[];
  readonly final?: readonly SmapsEntry[];
}

/** A recording of a real program. */
export interface ProgramRecording {
  readonly name: string;
  readonly kernel: string;
  readonly assumption: 'never' | 'on-map' | 'auto';
  readonly log: string;
  readonly processes: readonly RecordedProcess[];
}

interface Meta {
  readonly kernel: string;
  readonly assumption?: 'never' | 'on-map' | 'auto';
  readonly processes?: readonly { readonly pid: number; readonly initial?: string; readonly final?: string }[];
}

/** Names of all recordings of programs. */
export function programNames(): string[] {
  return readdirSync(PROGRAMS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(PROGRAMS + entry.name).includes('meta.json'))
    .map(({ name }) => name);
}

/** Reads a recording of a program. */
export function readProgram(name: string): ProgramRecording {
  const read = (file: string): string => {
    const bytes = readFileSync(`${PROGRAMS}${name}/${file}`);
    return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString();
  };
  const meta = JSON.parse(read('meta.json')) as Meta;
  const smaps = (file: string | undefined): readonly SmapsEntry[] | undefined =>
    file === undefined ? undefined : parseSmaps(read(file)).entries;
  const listed = meta.processes ?? [{ pid: 'first' as const, initial: 'initial.smaps', final: 'final.smaps' }];
  const processes = listed.map(({ pid, initial, final }) => {
    const first = smaps(initial);
    const last = smaps(final);
    return { pid, ...(first === undefined ? {} : { initial: first }), ...(last === undefined ? {} : { final: last }) };
  });
  return { name, kernel: meta.kernel, assumption: meta.assumption ?? 'on-map', log: read('trace.strace'), processes };
}

/** A process of a recording after the replay, compared with the real one. */
export interface ComparedProcess {
  readonly process: ReplayedProcess;
  readonly comparison: MapComparison;
}

/** Replays a recording and compares each process that has a final map. */
export function replayProgram(recording: ProgramRecording): { replay: Replay; compared: ComparedProcess[] } {
  const initial = new Map<number | 'first', readonly SmapsEntry[]>();
  const keep = new Set<number>();
  for (const { pid, initial: first } of recording.processes) {
    if (first !== undefined) initial.set(pid, first);
    if (pid !== 'first') keep.add(pid);
  }
  const { kernel, assumption: faults } = recording;
  const replay = replayText(recording.log, { kernel, faults, initial, keep, explain: false });
  const compared = recording.processes.flatMap(({ pid, final }) => {
    if (final === undefined) return [];
    const process = pid === 'first' ? replay.first : replay.processes.find((one) => one.pid === pid);
    if (process == null) throw new Error(`process ${pid} is not in the log`);
    const model = rowsOf(process.space.process);
    return [{ process, comparison: compareMaps(rowsOfSmaps(final), model) }];
  });
  return { replay, compared };
}
