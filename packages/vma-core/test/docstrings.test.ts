import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const src = new URL('../src/', import.meta.url);
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test-d.ts') && !file.endsWith('index.ts'))
  // Bits by the names that `vmFlags.ts` documents.
  .filter((file) => file !== 'flagHalves.ts');
/** The codes of refusals, which stand for the documented members of a union and never leave the package. */
const isRefusalCode = (line: string): boolean => /^export const [A-Z_]+ = \d+;$/.test(line);

describe('documentation in the sources', () => {
  it.each(files)('%s: every export says what it is', (file) => {
    const lines = readFileSync(new URL(file, src), 'utf8').split('\n');
    const bare = lines.filter((line, i) => {
      const declares = /^export (?:declare )?(?:abstract )?(?:const|function|class|interface|type) /.test(line);
      if (file === 'merge/mergeRefusal.ts' && isRefusalCode(line)) return false;
      return declares && !lines[i - 1]?.endsWith('*/');
    });
    expect(bare).toEqual([]);
  });
});
