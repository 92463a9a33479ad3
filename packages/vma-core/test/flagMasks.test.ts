import { describe, expect, it } from 'vitest';
import { formatVmFlags, kernelProfile, VM_SPECIAL } from '../src/index.ts';

describe('the masks of a kernel', () => {
  it.each([
    { kernel: '6.12', sticky: '', ignored: 'sd', copied: '' },
    { kernel: '6.16', sticky: '', ignored: 'sd', copied: '' },
    { kernel: '6.18', sticky: '', ignored: 'sd', copied: '' },
    { kernel: 'guard-flag', sticky: '', ignored: 'sd', copied: '' },
    { kernel: 'as-posted', sticky: 'gu', ignored: 'gu sd', copied: 'gu' },
    { kernel: '6.19', sticky: 'gu sd', ignored: 'gu sd', copied: 'pf gu uw mm' },
    { kernel: '7.3', sticky: 'gu sd', ignored: 'gu sd', copied: 'pf gu uw mm ur' },
  ])('of $kernel: sticky "$sticky", ignored "$ignored", copied on fork "$copied"', (row) => {
    const profile = kernelProfile(row.kernel);
    expect(formatVmFlags(profile.sticky)).toBe(row.sticky);
    expect(formatVmFlags(profile.ignoreMerge)).toBe(row.ignored);
    expect(formatVmFlags(profile.copyOnFork)).toBe(row.copied);
    expect(formatVmFlags(VM_SPECIAL)).toBe('pf io de mm');
  });
});
