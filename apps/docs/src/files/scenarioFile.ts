import {
  parseRecordedScenario,
  parseRecordingHeader,
  parseScenario,
  type RecordingHeader,
  type Scenario,
} from 'fork-sim';
import { fileLines } from './fileLines.ts';

/** A file that holds scenarios, one a line: a list of them, or what a kernel did with each. */
export interface ScenarioFile {
  readonly name: string;
  /** Of a recording: the kernel, and how it was asked. */
  readonly header: RecordingHeader | null;
  /** The scenarios' names, in the order of the file. */
  readonly ids: readonly string[];
  /** Reads one of them. @throws InputError, with line and column, where it is wrong */
  read(index: number): Promise<Scenario>;
}

/** Lists the scenarios of a file. They are read when they are asked for. @throws InputError for a header that is wrong */
export async function scenarioFile(file: File, kind: 'scenario' | 'recording'): Promise<ScenarioFile> {
  const ids: string[] = [];
  /** The line of each scenario, from 1. */
  const lines: number[] = [];
  let header: RecordingHeader | null = null;
  let line = 0;
  for await (const text of fileLines(file)) {
    line++;
    if (text.trim() === '') continue;
    if (kind === 'recording' && header === null) {
      header = parseRecordingHeader(text, { file: file.name, line });
      continue;
    }
    ids.push(idOf(text) ?? `scenario ${ids.length + 1}`);
    lines.push(line);
  }
  return { name: file.name, header, ids, read: (index) => readScenario(file, kind, lines[index] ?? 0) };
}

/** The scenario of a line. */
async function readScenario(file: File, kind: 'scenario' | 'recording', wanted: number): Promise<Scenario> {
  let line = 0;
  for await (const text of fileLines(file)) {
    line++;
    if (line !== wanted) continue;
    const place = { file: file.name, line };
    return kind === 'recording' ? parseRecordedScenario(text, place).scenario : parseScenario(text, place);
  }
  throw new Error(`${file.name} holds no scenario.`);
}

/** The name of a scenario, without a reading of the rest of its line. */
function idOf(line: string): string | undefined {
  return /"id"\s*:\s*"([^"\\]*)"/.exec(line)?.[1];
}
