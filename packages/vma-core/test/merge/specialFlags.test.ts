import { describe, expect, it } from 'vitest';
import { mergeDiagram } from '../../src/diagram/index.ts';
import { PROFILES } from '../support/profiles.ts';

describe.each(PROFILES)('VM_SPECIAL mappings never merge, profile %s', (_, profile) => {
  it.each(['io', 'de', 'pf', 'mm', 'io de pf mm'])('%s, on the range and on both neighbours', (special) => {
    const all = { flags: `rd wr mr mw ${special}` };
    for (const drawing of ['AA**BB', 'AA**', '**BB', 'AAccBB', 'AAccC', 'CccBB']) {
      const outcome = mergeDiagram(drawing, { profile, all });
      expect(outcome.state).toBe('nomerge');
      expect(outcome.prev?.rule ?? null).toBe(drawing.includes('A') ? 'special' : null);
      expect(outcome.next?.rule ?? null).toBe(drawing.includes('B') ? 'special' : null);
    }
  });

  it('a special neighbour refuses by its flags: the range is what is asked', () => {
    const letters = { A: { flags: 'rd wr mr mw me ac io' } };
    expect(mergeDiagram('AA**', { profile, letters }).prev?.rule).toBe('vmFlags');
  });
});
