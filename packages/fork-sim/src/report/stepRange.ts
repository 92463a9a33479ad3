import type { StraceCall } from 'proc-io';
import { pageAlign } from 'vma-core';

/** The range of addresses that a call is about: where it mapped, what it changed. `null`: it names none. */
export function stepRange(call: StraceCall): { start: number; end: number } | null {
  const { addr = null, length = null, newLength = null } = call.args as Readonly<Record<string, unknown>>;
  const size = typeof newLength === 'number' ? newLength : typeof length === 'number' ? length : 0;
  const placed = answersAddress(call) && call.errno === null;
  const start = placed ? call.ret : typeof addr === 'number' ? addr : null;
  if (start === null || start <= 0 || !Number.isSafeInteger(start)) return null;
  return { start, end: start + Math.max(1, pageAlign(size)) };
}

/** Does the call answer with an address? */
export function answersAddress({ name }: StraceCall): boolean {
  return PLACES.has(name);
}

const PLACES: ReadonlySet<string> = new Set([
  'mmap',
  'mmap2',
  'old_mmap',
  'mremap',
  'brk',
  'shmat',
  'map_shadow_stack',
]);
