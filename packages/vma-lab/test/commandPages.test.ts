// What is written of the commands is made from their table. `UPDATE_README=1 npx vitest run commandPages` writes it anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { COMMANDS } from '../src/cli/commands.ts';

const fileOf = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** Compares the part of a file between two marks with what it should be, or writes it. */
function holds(path: string, [start, end]: readonly [string, string], made: string): void {
  const text = readFileSync(fileOf(path), 'utf8');
  const from = text.indexOf(start) + start.length;
  const to = text.indexOf(end);
  expect(from, `${path} has no ${start}`).toBeGreaterThan(start.length);
  expect(to).toBeGreaterThanOrEqual(from);
  if (process.env.UPDATE_README === '1') writeFileSync(fileOf(path), text.slice(0, from) + made + text.slice(to));
  else expect(text.slice(from, to), 'UPDATE_README=1 npx vitest run commandPages writes it anew').toBe(made);
}

it('the README lists every command', () => {
  const rows = COMMANDS.map(({ name, operands, summary }) => {
    const usage = [name, ...operands.map(([one]) => one)].join(' ');
    return `| \`${usage.replaceAll('|', '\\|')}\` | ${summary.replaceAll('|', '\\|')} |`;
  });
  const made = `\n| command | what it answers |\n|---|---|\n${rows.join('\n')}\n\n`;
  holds('packages/vma-lab/README.md', ['<!-- commands:start -->\n', '<!-- commands:end -->'], made);
});

it('the page of the commands says of each what it answers and prints, with its examples', () => {
  const parts = COMMANDS.map(({ name, summary, prints, examples }) => {
    const text = [summary, prints, '', ...examples.split('\n').map((line) => `  ${line}`.trimEnd())].join('\n');
    return `## ${name}\n\n\`\`\`text\n${text}\n\`\`\`\n`;
  });
  const made = `\n${parts.join('\n')}\n`;
  holds('apps/docs/docs/commands.mdx', ['{/* commands:start */}\n', '{/* commands:end */}'], made);
});
