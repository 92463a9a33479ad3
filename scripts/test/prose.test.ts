// The prose of the repository keeps the rules of prose.mjs, and each rule finds its fault.
import { describe, expect, it } from 'vitest';
import { proseFaults, proseFiles, readFaults } from '../prose.mjs';

const messages = (markdown: string, file = 'page.md') =>
  proseFaults(file, markdown).map(({ line, message }) => `${line}: ${message.replace(/:.*/, '')}`);

/** A sentence of this number of words. */
const sentence = (words: number) => `Word${' word'.repeat(words - 1)}.`;

describe('the prose of the repository', () => {
  it('keeps the rules', () => {
    const files = proseFiles();
    expect(files).toEqual(expect.arrayContaining(['README.md', 'apps/docs/docs/story.mdx', '.changeset/README.md']));
    expect(files.filter((file) => /node_modules|CHANGELOG|docs\/api\//.test(file))).toEqual([]);
    expect(files.flatMap(readFaults).map(({ file, line, message }) => `${file}:${line}: ${message}`)).toEqual([]);
  });
});

describe('a rule', () => {
  it.each([
    ['Whoever has the link can read it.', 'Whoever'],
    ['It keeps whatever was mapped.', 'whatever'],
    ['There are so many of them.', 'so many'],
    ['The work is put off.', 'put off'],
    ['It lists what it cannot read.', 'what it'],
    ['It shows `copy`, what is left, and more.', 'what is'],
    ["It takes one's own profile.", "one's own"],
  ])('finds the tic in "%s"', (text, words) => {
    expect(messages(`# Title\n\nA line\n${text}`)).toEqual([`4: "${words}"`]);
    expect(messages(`| a |\n|---|\n| ${text} |`)).toEqual([`3: "${words}"`]);
    expect(messages(`import x from 'x';\n\n<Box a={1}>\n\n${text}\n\n</Box>`, 'page.mdx')).toEqual([`5: "${words}"`]);
    expect(messages(`---\ntitle: Title\ndescription: ${text}\n---\n\nFine.`, 'page.mdx')).toEqual([`3: "${words}"`]);
  });

  it.each(['What is a VMA?', 'You ask what it costs, and why?', 'What it answers'])('lets "%s" be', (text) => {
    expect(messages(text)).toEqual([]);
  });

  it('lets code be', () => {
    expect(messages('Run `whoever`.\n\n```sh\nwhoever\n```\n\n    whatever\n\n<!-- whatever -->')).toEqual([]);
  });

  it('counts the words of a sentence, to the line where it begins', () => {
    expect(messages(sentence(35))).toEqual([]);
    expect(messages(`Short.\n${sentence(36)}`)).toEqual([
      '2: 36 words in one sentence, "Word word word word word ..."',
    ]);
    expect(messages(`${sentence(30)} ${sentence(30)}`)).toEqual([]);
    expect(messages(`- ${sentence(30)}\n- ${sentence(30)}`)).toEqual([]);
    // A version is no end of a sentence, and code is one word.
    expect(messages(`Linux 6.18.44${' word'.repeat(33)}.`)).toEqual([]);
    expect(messages(`Linux 6.18.44${' word'.repeat(34)}.`)).toHaveLength(1);
    expect(messages(`\`mmap 4+2 rw file0\`${' word'.repeat(34)}.`)).toEqual([]);
  });
});
