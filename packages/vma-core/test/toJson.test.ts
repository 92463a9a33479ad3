import { describe, expect, it } from 'vitest';
import { mmFromDiagram } from '../src/diagram/index.ts';
import {
  formatVmFlags,
  InvariantError,
  KERNEL_PROFILES,
  kernelProfile,
  type MmEvent,
  parseVmFlags,
  pkeyFlags,
  toJson,
  type VmFlags,
  vmFlagBit,
  vmFlags,
  vmFlagsOfNames,
} from '../src/index.ts';
import { munlock } from '../src/mm/index.ts';

const roundTrip = (value: unknown): unknown => JSON.parse(JSON.stringify(toJson(value)));

describe('as JSON', () => {
  const letters = { A: { flags: 'rd wr mr mw me dd' }, B: { flags: 'rd wr mr mw me lo' } };

  it('a VMA has its flags by name, and all else as it was', () => {
    const { mm } = mmFromDiagram('AABB', { letters });
    const [first] = mm.vmas();
    const names = ['VM_READ', 'VM_WRITE', 'VM_MAYREAD', 'VM_MAYWRITE', 'VM_MAYEXEC', 'VM_DONTDUMP'];
    expect(roundTrip(first)).toEqual({ ...first, vmFlags: names });
    expect(vmFlagsOfNames(toJson(first!).vmFlags)).toBe(first!.vmFlags);
  });

  it("an observer's events and their refusals can be written", () => {
    const { mm } = mmFromDiagram('AABB', { letters });
    const events: MmEvent[] = [];
    mm.observer = (event) => events.push(event);
    munlock(mm, 0x2000, 0x1000);
    munlock(mm, 0x3000, 0x1000);
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['merged', 'refused', 'split']));
    expect(roundTrip(events)).toMatchObject(events.map(({ kind }) => ({ kind })));
    expect(JSON.stringify(toJson(events))).toContain('"diff":["VM_DONTDUMP"]');
  });

  it.each(KERNEL_PROFILES.map((profile) => [profile.name, profile] as const))('so can profile %s', (_, profile) => {
    const { sticky, ...rest } = toJson(profile);
    expect(vmFlagsOfNames(sticky)).toBe(profile.sticky);
    expect(roundTrip(profile)).toEqual({ sticky, ...rest });
  });
});

describe('flags by their names', () => {
  it.each<[string, VmFlags]>([
    ['none', vmFlags()],
    ['several', parseVmFlags('rd wr ac sl')],
    ['a protection key', pkeyFlags(21)],
    ['a bit without a name', vmFlagBit(47)],
    ['letters that no kernel here knows', parseVmFlags('rd zz ??')],
    ['all that a profile compares', kernelProfile('7.3').ignoreMerge],
  ])('come back as they were: %s', (_, flags) => {
    expect(vmFlagsOfNames(toJson(flags))).toBe(flags);
  });

  it('may be written without VM_, and by the letters of smaps', () => {
    expect(formatVmFlags(vmFlagsOfNames(['read', 'VM_WRITE', 'ac']))).toBe('rd wr ac');
  });

  it.each(['VM_FOO', 'bit 64', 'bit x', ''])('%j is no name', (name) => {
    expect(() => vmFlagsOfNames([name])).toThrow(InvariantError);
  });
});
