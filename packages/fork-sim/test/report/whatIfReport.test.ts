import { parseStrace } from 'proc-io';
import { describe, expect, it } from 'vitest';
import { kernelProfile } from 'vma-core';
import { LogWhatIf, type WhatIfReport, type WhatIfWorld } from '../../src/index.ts';

const PROFILE = kernelProfile('6.19');
const map = (address: string, length = 4096): string =>
  `mmap(${address}, ${length}, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED, -1, 0)`;

/** Mappings with holes between them, the last of which fail in the log. */
function log(mapped: number, failing: number): string {
  const lines = Array.from({ length: mapped + failing }, (_, at) => {
    const address = `0x${(0x2000_0000_0000 + at * 8192).toString(16)}`;
    return `${map(address)} = ${at < mapped ? address : '-1 ENOMEM (Cannot allocate memory)'}`;
  });
  return `${lines.join('\n')}\n`;
}

function whatIf(text: string, before: Partial<WhatIfWorld>, after: Partial<WhatIfWorld>): WhatIfReport {
  const world: WhatIfWorld = { profile: PROFILE, maxMapCount: 65_530, markers: false };
  const worlds = new LogWhatIf({ ...world, ...before }, { ...world, ...after }, {});
  for (const event of parseStrace(text)) worlds.feed(event);
  return worlds.report()!;
}

describe('a log with another limit', () => {
  it('a larger one: the calls that failed for it would succeed', () => {
    const { calls, before, after } = whatIf(log(6, 2), { maxMapCount: 5 }, { maxMapCount: 100 });
    expect([before.maxMapCount, after.maxMapCount]).toEqual([5, 100]);
    expect(calls).toMatchObject([{ name: 'mmap', before: 'ENOMEM', after: null, count: 2, first: { line: 7 } }]);
  });

  it('a smaller one: the calls that succeeded would fail, from the first that finds no room', () => {
    const { calls } = whatIf(log(8, 0), {}, { maxMapCount: 5 });
    expect(calls).toMatchObject([{ name: 'mmap', before: null, after: 'ENOMEM', count: 2, first: { line: 7 } }]);
  });

  it('one that suffices: every call ends as before', () => {
    expect(whatIf(log(8, 0), {}, { maxMapCount: 8 }).calls).toEqual([]);
  });

  it('and guards as markers: fewer VMAs make room', () => {
    const text = [
      `${map('0x200000000000', 65536)} = 0x200000000000`,
      ...Array.from({ length: 8 }, (_, at) => {
        const address = `0x${(0x2000_0000_0000 + (2 * at + 1) * 4096).toString(16)}`;
        return `mprotect(${address}, 4096, PROT_NONE) = 0`;
      }),
      '',
    ].join('\n');
    const few = whatIf(text, {}, { maxMapCount: 8 });
    expect(few.calls).toMatchObject([{ name: 'mprotect', after: 'ENOMEM' }]);
    const markers = whatIf(text, {}, { maxMapCount: 8, markers: true });
    expect(markers).toMatchObject({ calls: [], guards: { guards: 8 }, after: { endVmas: 1 } });
    expect(markers.before.endVmas).toBe(16);
  });
});
