import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parseRecording, type Recording } from 'fork-sim';

const read = new Map<string, Recording>();

/** Reads a recording below `conformance/recordings`; each file is read once. */
export function readRecording(path: string): Recording {
  const known = read.get(path);
  if (known !== undefined) return known;
  const recording = parseRecording(readLines(path), path);
  read.set(path, recording);
  return recording;
}

/** The lines of a `.jsonl` or `.jsonl.gz` file below `conformance/recordings`. */
export function readLines(path: string): string[] {
  const bytes = readFileSync(fileURLToPath(new URL(`../../recordings/${path}`, import.meta.url)));
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}
