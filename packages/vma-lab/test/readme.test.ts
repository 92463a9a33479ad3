import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { cli, programFile } from './cli.ts';
import { readmePicture } from './readmePicture.ts';

const assets = fileURLToPath(new URL('../../../docs-assets/', import.meta.url));
const readme = fileURLToPath(new URL('../../../README.md', import.meta.url));
const START = '<!-- demo:start -->\n';
const END = '<!-- demo:end -->';
/** The README shows the figures of what was compared; those who run the demo see the rest. */
const NEXT_SECTION = '\n  guards ';

/** What `npm run demo` shows first, with paths as from the root of the repository. */
async function demo(): Promise<string> {
  const args = ['replay', programFile('guard-pool', 'trace.strace')];
  args.push('--initial', programFile('guard-pool', 'initial.smaps'));
  args.push('--final', programFile('guard-pool', 'final.smaps'));
  const { out, status } = await cli(args.map((arg) => (arg.startsWith('/') ? relative(process.cwd(), arg) : arg)));
  expect(status).toBe(0);
  return out.slice(0, out.indexOf(NEXT_SECTION)).trimEnd();
}

/** `UPDATE_README=1 npx vitest run vma-lab/test/readme` writes it anew. */
it('the README shows what the demo shows', async () => {
  const text = readFileSync(readme, 'utf8');
  const from = text.indexOf(START) + START.length;
  const to = text.indexOf(END);
  const block = `\`\`\`text\n${await demo()}\n\`\`\`\n\n`;
  if (process.env.UPDATE_README === '1') writeFileSync(readme, text.slice(0, from) + block + text.slice(to));
  else expect(text.slice(from, to)).toBe(block);
});

it.each(['light', 'dark'] as const)('the README has the %s picture that the engine makes', (theme) => {
  const file = `${assets}merge-and-fork-${theme}.svg`;
  const made = readmePicture(theme);
  if (process.env.UPDATE_README === '1') writeFileSync(file, made);
  else expect(readFileSync(file, 'utf8')).toBe(made);
  expect(readFileSync(readme, 'utf8')).toContain(`docs-assets/merge-and-fork-${theme}.svg`);
});
