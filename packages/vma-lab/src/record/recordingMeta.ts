import {
  array,
  boolean,
  type InferOutput,
  integer,
  number,
  object,
  optional,
  picklist,
  pipe,
  safeParse,
  string,
  union,
} from 'valibot';

/** The name of the file that makes a folder a program's recording. */
export const META = 'meta.json';

/** One process of a recording. File names are relative to its folder; a file may be there with `.gz` behind its name. */
const process = object({
  pid: pipe(number(), integer()),
  /** Who made it; not given: the first process. */
  parent: optional(pipe(number(), integer())),
  /** What it had mapped after its execve, or when it was attached to; several: after one execve each, in their order. */
  initial: optional(union([string(), array(string())])),
  /** What it had mapped when it ended, or when the recording did. */
  final: optional(string()),
  /** Why there is no `final`. */
  note: optional(string()),
});

const meta = object({
  /** As `uname -r` gives it. */
  kernel: string(),
  strace: optional(string()),
  perf: optional(string()),
  /** Who made the recording: `vma-lab 0.1.0`. */
  recorder: optional(string()),
  max_map_count: optional(pipe(number(), integer())),
  /** What is true of the program's writes. Default: `on-map`. */
  assumption: optional(picklist(['never', 'on-map', 'auto'])),
  /** The file of page faults, as `perf script` prints them. */
  faults: optional(string()),
  command: optional(array(string())),
  /** The program ran already when the recording began. */
  attached: optional(boolean()),
  /** How the first process ended. */
  exit: optional(object({ status: optional(number()), signal: optional(string()) })),
  /** Default: one process, `initial.smaps` and `final.smaps`. */
  processes: optional(array(process)),
});

/** What `meta.json` says of a recording. */
export type RecordingMeta = InferOutput<typeof meta>;

/** One process of it. */
export type RecordedProcess = InferOutput<typeof process>;

/** Reads `meta.json`; a text: what is wrong with it. */
export function readRecordingMeta(text: string): RecordingMeta | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `no JSON: ${(error as Error).message}`;
  }
  const result = safeParse(meta, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = issue.path?.map(({ key }) => String(key)).join('.') ?? '';
  if (path === 'kernel') return '"kernel" is missing: a version such as "6.18.44"';
  return path === '' ? issue.message : `"${path}": ${issue.message}`;
}
