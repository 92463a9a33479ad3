import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const src = new URL('../src/', import.meta.url);
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test-d.ts') && !file.endsWith('index.ts'));
/** A half of a flag: what it means stands with its `VM_` name. */
const isHalf = (line: string): boolean => /^export const (?:LO|HI)_\w+: number = flags(?:Lo|Hi)\(VM_\w+\);$/.test(line);
/** A table from whose rows a public type follows. */
const isTable = (line: string): boolean => /^const (?:UP_TO_612|COLUMNS|RULES) = \{$/.test(line);

/** Declarations at the outermost level, members of exported interfaces and classes, and rows of tables, that no docstring precedes. */
function bareIn(file: string): string[] {
  const lines = readFileSync(new URL(file, src), 'utf8').split('\n');
  const bare: string[] = [];
  let members = false;
  for (const [i, line] of lines.entries()) {
    const opens = isTable(line) || /^export (?:abstract )?(?:interface|class) /.test(line);
    if (opens || line.startsWith('}')) members = opens && !line.endsWith('}');
    const exported = /^export (?:declare )?(?:abstract )?(?:const|function|class|interface|type) /.test(line);
    // What a class overrides is documented where it is declared.
    const member = members && /^ {2}(?!constructor|override)(?:readonly |get )?\w+[?!]?(?:\(|:| = )/.test(line);
    if (!exported && !member) continue;
    if (file === 'vmFlags.ts' && isHalf(line)) continue;
    if (!lines[i - 1]?.endsWith('*/')) bare.push(line);
  }
  return bare;
}

describe('documentation in the sources', () => {
  it.each(files)('%s: every export, and every member of one, says what it is', (file) => {
    expect(bareIn(file)).toEqual([]);
  });
});
