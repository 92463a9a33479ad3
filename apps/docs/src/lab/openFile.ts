import { gunzipSync, strFromU8 } from 'fflate';
import {
  parseRecordedScenario,
  parseRecordingHeader,
  parseScenarios,
  type RecordingHeader,
  type Scenario,
} from 'fork-sim';
import { detectInput, type InputKind } from 'proc-io';

/** Most bytes of a scenario file or recording that are read at once: those are small, logs are streamed. */
const MAX_WHOLE = 64 * 1024 * 1024;

/** What a dropped file is. A log or a map goes to the worker as it is; scenarios are read here. */
export type OpenedFile =
  | { readonly kind: 'strace' | 'smaps' | 'maps'; readonly file: File }
  | { readonly kind: 'scenarios'; readonly scenarios: readonly Scenario[]; readonly header: RecordingHeader | null };

/** A file that nothing can be made of. */
class FileError extends Error {
  override readonly name = 'FileError';
}

/**
 * Finds out by its content what a file is, and reads it if it holds scenarios.
 * @throws FileError for an unknown kind; InputError, with line and column, for a scenario that is wrong
 */
export async function openFile(file: File): Promise<OpenedFile> {
  const head = new Uint8Array(await file.slice(0, 1 << 16).arrayBuffer());
  const kind = detectInput(head);
  if (kind === 'gzip') return openPacked(file);
  return openKind(kind, file, () => file.text());
}

async function openPacked(file: File): Promise<OpenedFile> {
  const head = await firstUnpacked(file);
  return openKind(detectInput(head), file, async () => {
    if (file.size > MAX_WHOLE) throw new FileError(`${file.name} is too large for a file of scenarios`);
    return strFromU8(gunzipSync(new Uint8Array(await file.arrayBuffer())));
  });
}

/** The first kilobytes of what is packed. */
async function firstUnpacked(file: File): Promise<Uint8Array> {
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return (value ?? new Uint8Array()).slice(0, 1 << 16);
}

async function openKind(kind: InputKind, file: File, text: () => Promise<string>): Promise<OpenedFile> {
  switch (kind) {
    case 'strace':
    case 'smaps':
    case 'maps':
      return { kind, file };
    case 'scenario': {
      const lines = (await text()).split('\n');
      return { kind: 'scenarios', scenarios: [...parseScenarios(lines, file.name)], header: null };
    }
    case 'recording':
      return readRecording((await text()).split('\n'), file.name);
    case 'gzip':
    case 'unknown':
      throw new FileError(
        `${file.name}: not a strace log, smaps, maps, scenario or recording. The first bytes decide, not the name.`,
      );
    default:
      return kind satisfies never;
  }
}

function readRecording(lines: readonly string[], name: string): OpenedFile {
  const header = parseRecordingHeader(lines[0] ?? '', { file: name, line: 1 });
  const scenarios: Scenario[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    scenarios.push(parseRecordedScenario(line, { file: name, line: index + 1 }).scenario);
  }
  return { kind: 'scenarios', scenarios, header };
}
