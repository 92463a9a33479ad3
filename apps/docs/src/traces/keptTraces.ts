import type { Scenario, Trace } from 'fork-sim';

/** Calls, and the kernel on which they are made. */
export interface Run {
  /** Scenario lines with `;` or a new line between them, or a scenario where the notation has no word for one of its calls. */
  readonly lines: string | Scenario;
  readonly profile: string;
  readonly softDirty: boolean;
}

/** Traces by the key of their run: see {@link runKey}. */
export type KeptTraces = ReadonlyMap<string, Trace>;

/** Two runs with the same key have the same trace. */
export function runKey({ lines, profile, softDirty }: Run): string {
  return JSON.stringify([profile, softDirty, typeof lines === 'string' ? callsOf(lines) : lines]);
}

function callsOf(lines: string): string[] {
  return lines
    .split(/[;\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** What the engine said as text, for a page to carry: JSON, in which a bigint is `{"bigint":"64"}`. */
export function packData(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) => (typeof value === 'bigint' ? { bigint: `${value}` } : value));
}

/** What {@link packData} wrote. */
export function unpackData(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => bigintOf(value));
}

/** Traces as text, for a page to carry. */
export function packTraces(runs: readonly Run[], traceOf: (run: Run) => Trace): string {
  return packData(runs.map((run) => [runKey(run), traceOf(run)] as const));
}

/** What {@link packTraces} wrote. A page may have none. */
export function unpackTraces(kept: string | undefined): KeptTraces {
  if (kept === undefined) return new Map();
  return new Map(unpackData(kept) as [string, Trace][]);
}

function bigintOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('bigint' in value)) return value;
  return BigInt(value.bigint as string);
}
