import fc from 'fast-check';
import { type StraceCall, StraceParser } from 'proc-io';
import { describe, expect, it } from 'vitest';
import { EventOrder } from '../../src/replay/eventOrder.ts';

/** A log of calls that overlap: each step goes on with one thread, whose call begins or ends, or begins and ends on one line. */
function logOf(steps: readonly { readonly thread: number; readonly whole: boolean }[]): string {
  const open = new Set<number>();
  const lines = steps.map(({ thread, whole }) => {
    if (open.delete(thread)) return `${thread} <... munmap resumed>) = 0`;
    if (whole) return `${thread} munmap(0x1000, 4096) = 0`;
    open.add(thread);
    return `${thread} munmap(0x1000, 4096 <unfinished ...>`;
  });
  return lines.map((line) => `${line}\n`).join('');
}

function callsOf(log: string): readonly StraceCall[] {
  const parser = new StraceParser();
  return [...parser.push(log), ...parser.end()].filter((event) => event.kind === 'call');
}

/** What is handed on, and what waits when a call has been taken in. */
function ordered(calls: readonly StraceCall[]): { order: readonly StraceCall[]; waiting: readonly number[] } {
  const events = new EventOrder((planned, isNeeded) => planned.filter(isNeeded).sort((a, b) => a.endLine - b.endLine));
  const order: StraceCall[] = [];
  const waiting: number[] = [];
  const take = (): void => {
    for (let call = events.next(); call !== null; call = events.next()) order.push(call);
  };
  for (const call of calls) {
    events.add(call);
    take();
    waiting.push(events.waiting);
  }
  events.flush();
  take();
  expect(events.waiting).toBe(0);
  return { order, waiting };
}

const step = fc.record({ thread: fc.integer({ min: 1, max: 4 }), whole: fc.boolean() });

describe('EventOrder', () => {
  it('hands on every call once, and none before one that had ended when it began', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const calls = callsOf(logOf(steps));
        const { order } = ordered(calls);
        expect([...order].sort((a, b) => a.endLine - b.endLine)).toEqual(calls);
        for (const [i, call] of order.entries()) {
          for (const later of order.slice(i + 1)) expect(later.endLine).toBeGreaterThan(call.line);
        }
      }),
    );
  });

  it('a call waits only while one is open that may have to come before it', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const calls = callsOf(logOf(steps));
        const { waiting } = ordered(calls);
        calls.forEach(({ openSince }, i) => {
          const seen = calls.slice(0, i + 1);
          const overlapsOpen = openSince !== null && seen.some(({ endLine }) => endLine >= openSince);
          expect((waiting[i] ?? 0) > 0).toBe(overlapsOpen);
        });
      }),
    );
  });

  it('a call that never returns holds the others up for a while only', () => {
    const calls = callsOf(`1 munmap(0x1000, 4096 <unfinished ...>\n${'2 munmap(0x1000, 4096) = 0\n'.repeat(5000)}`);
    const { waiting } = ordered(calls);
    expect(calls).toHaveLength(5000);
    expect(Math.max(...waiting)).toBeGreaterThan(500);
    expect(Math.max(...waiting)).toBeLessThan(2000);
  });
});
