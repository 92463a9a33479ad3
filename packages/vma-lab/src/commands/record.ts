import { basename } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { countOf } from 'fork-sim/words';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_OK } from '../cli/exitStatus.ts';
import { jsonLine, printableText } from '../cli/printable.ts';
import { UsageError } from '../cli/usageError.ts';
import { ownVersion } from '../ownVersion.ts';
import { findPerf } from '../record/faultRecorder.ts';
import { RecordingFolder } from '../record/folder.ts';
import { exitStatusOf, type Recorded, type Recording, record } from '../record/recorder.ts';
import { findStrace, requireCommand, requireProcess } from '../record/traceTools.ts';

/** Options of `vma-lab record`. */
interface RecordCommand {
  readonly output?: string;
  readonly pid?: number;
  /** Seconds. */
  readonly for?: number;
  /** False: without perf. */
  readonly faults?: boolean;
  readonly json?: boolean;
}

/** Records a program, or a process that runs. The status is the program's own. */
async function runRecord(command: readonly string[], options: RecordCommand, io: CliIo): Promise<number> {
  const what = recordedOf(command, options);
  const strace = findStrace();
  if (what.kind === 'command') requireCommand(what.command[0] as string);
  else requireProcess(what.pid);
  const name = what.kind === 'command' ? basename(what.command[0] as string) : String(what.pid);
  const folder = new RecordingFolder(options.output ?? `${name}.recording`);
  const perf = options.faults === false ? null : findPerf();
  const say = (text: string): void => io.err(`vma-lab: ${printableText(text)}\n`);
  if (perf !== null && 'why' in perf) {
    say(`page faults are not recorded: ${perf.why}; a replay has to assume which memory was written`);
  }
  const version = perf !== null && 'version' in perf ? perf.version : null;
  const recording = await record(what, folder, { strace, perf: version, recorder: `vma-lab ${ownVersion()}` }, say);
  if (options.json) await io.out(jsonLine({ kind: 'record', version: 1, folder: folder.path, ...recording.meta }));
  else for (const line of summaryOf(folder.path, recording)) io.err(`${printableText(line)}\n`);
  return what.kind === 'process' || recording.end === null ? EXIT_OK : exitStatusOf(recording.end);
}

function recordedOf(command: readonly string[], { pid, for: asked }: RecordCommand): Recorded {
  const seconds = asked ?? null;
  if (pid === undefined) {
    if (command.length === 0)
      throw new UsageError('record what? vma-lab record -- COMMAND..., or vma-lab record -p PID');
    if (seconds !== null) throw new UsageError('--for goes with -p PID: a command is recorded to its end');
    return { kind: 'command', command };
  }
  if (command.length > 0) throw new UsageError('record takes a command or -p PID, not both');
  return { kind: 'process', pid, seconds };
}

/** What was recorded, and what to do next. */
function summaryOf(folder: string, { meta, end }: Recording): string[] {
  const processes = meta.processes ?? [];
  const complete = processes.filter(({ final }) => final !== undefined).length;
  const ended =
    end === null ? '' : end.signal === undefined ? `, exit status ${end.status}` : `, killed by ${end.signal}`;
  const notes = processes.flatMap(({ pid, note }) => (note === undefined ? [] : [`  pid ${pid}: ${note}`]));
  return [
    `recorded ${meta.command?.join(' ') ?? ''} in ${folder}: ${countOf(processes.length, 'process', 'processes')}, ${complete} with a map at the end${ended}`,
    ...notes.slice(0, MOST_NOTES),
    ...(notes.length > MOST_NOTES ? [`  and ${notes.length - MOST_NOTES} more`] : []),
    `next: vma-lab report ${folder}   its processes, what takes their VMAs, what failed`,
    `      vma-lab verify ${folder}   is the model’s map the real one?`,
  ];
}

const MOST_NOTES = 5;

function readNumber(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('It is a number above 0.');
  return Number(text);
}

function readPid(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It is a process number.');
  return Number(text);
}

export const recordCommand: CommandRow<RecordCommand> = {
  name: 'record',
  summary:
    'Record a program, and all that it starts: its strace log, its page faults, its maps at the beginning and at the end.',
  prints:
    'The program keeps its standard input and output, and its exit status becomes ours. The recording is a folder that verify and replay open. Needs Linux and strace; page faults need perf and the right to trace with it.',
  operands: [['[command...]', 'the program and its arguments; everything behind it is the program’s']],
  options: [
    new Option('-o, --output <folder>', 'where to write; it must be empty (default: NAME.recording)'),
    new Option('-p, --pid <pid>', 'record a process that runs, until it ends or Ctrl-C').argParser(readPid),
    new Option('--for <seconds>', 'with -p: for how long').argParser(readNumber),
    new Option('--no-faults', 'do not record page faults with perf, where it may'),
  ],
  examples: `vma-lab record -- ./server --port 8080
vma-lab record -o /tmp/sort -- sort -n numbers.txt
vma-lab record -p $(pidof server) --for 10
vma-lab verify server.recording`,
  takesRest: true,
  run: runRecord,
};
