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

/** Traces as text, for a page to carry: JSON, in which a bigint is `{"bigint":"64"}`. */
export function packTraces(runs: readonly Run[], traceOf: (run: Run) => Trace): string {
  const kept = runs.map((run) => [runKey(run), traceOf(run)] as const);
  return JSON.stringify(kept, (_, value: unknown) => (typeof value === 'bigint' ? { bigint: `${value}` } : value));
}

/** What {@link packTraces} wrote. A page may have none. */
export function unpackTraces(kept: string | undefined): KeptTraces {
  if (kept === undefined) return new Map();
  return new Map(JSON.parse(kept, (_, value: unknown) => bigintOf(value)) as [string, Trace][]);
}

function bigintOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('bigint' in value)) return value;
  return BigInt(value.bigint as string);
}
