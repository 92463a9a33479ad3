import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseRecording, type Recording } from 'fork-sim';

/** Reads a file of `conformance/recordings`. */
export function readRecording(file: string): Recording {
  return parseRecording(gunzipSync(readFileSync(file)).toString('utf8').split('\n'), file);
}
