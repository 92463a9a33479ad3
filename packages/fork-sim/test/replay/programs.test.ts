import { describe, expect, it } from 'vitest';
import { programNames, readProgram, replayProgram } from './replayText.ts';

describe('recordings of real programs', () => {
  it('are there: five, and the ones recorded here', () => {
    const names = programNames();
    for (const name of ['true', 'bash-builtins', 'git-status', 'python-imports', 'guard-pool'])
      expect(names).toContain(name);
    expect(names.length).toBeGreaterThanOrEqual(5 + 6);
  });

  it.each(programNames())('%s ends in its real maps, and every call as the log says', (name) => {
    const { compared } = replayProgram(readProgram(name));
    expect(compared.length).toBeGreaterThan(0);
    for (const { process, comparison } of compared) {
      const { notes } = process.space;
      expect(comparison.differences).toEqual([]);
      expect(comparison.equal).toBe(comparison.real);
      expect(notes.wrongPlaces.examples).toEqual([]);
      expect(notes.wrongResults.examples).toEqual([]);
      expect([...notes.notModelled.values()]).toEqual([]);
    }
  });
});
