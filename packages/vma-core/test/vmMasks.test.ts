import { describe, expect, it } from 'vitest';
import { formatVmFlags, kernelProfile, vmMasks } from '../src/index.ts';

describe('vmMasks', () => {
  it.each([
    { kernel: '6.12', sticky: '', ignored: 'sd', copied: '' },
    { kernel: '6.16', sticky: '', ignored: 'sd', copied: '' },
    { kernel: '6.18', sticky: '', ignored: 'sd', copied: '' },
    { kernel: 'guard-flag', sticky: '', ignored: 'sd', copied: '' },
    { kernel: 'as-posted', sticky: 'gu', ignored: 'gu sd', copied: 'gu' },
    { kernel: '6.19', sticky: 'gu sd', ignored: 'gu sd', copied: 'pf gu uw mm' },
    { kernel: '7.3', sticky: 'gu sd', ignored: 'gu sd', copied: 'pf gu uw mm ur' },
  ])('of $kernel: sticky "$sticky", ignored "$ignored", copied on fork "$copied"', (row) => {
    const masks = vmMasks(kernelProfile(row.kernel));
    expect(formatVmFlags(masks.VM_STICKY)).toBe(row.sticky);
    expect(formatVmFlags(masks.VM_IGNORE_MERGE)).toBe(row.ignored);
    expect(formatVmFlags(masks.VM_COPY_ON_FORK)).toBe(row.copied);
    expect(formatVmFlags(masks.VM_SPECIAL)).toBe('pf io de mm');
  });
});
