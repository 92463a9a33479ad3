/** One word of the glossary. Texts may hold `code` in backticks. */
interface GlossaryWord {
  readonly word: string;
  readonly code: string;
  readonly meaning: string;
}

/** A heading of the glossary and its words. */
export interface GlossaryGroup {
  readonly heading: string;
  readonly words: readonly GlossaryWord[];
}

/** Reads the tables of GLOSSARY.md: `| word | in code | meaning |` under headings of the second level. */
export function parseGlossary(markdown: string): GlossaryGroup[] {
  const groups: { heading: string; words: GlossaryWord[] }[] = [];
  for (const line of markdown.split('\n')) {
    const heading = /^## (.+)$/.exec(line);
    if (heading) groups.push({ heading: heading[1] as string, words: [] });
    if (!line.startsWith('|') || /^\|[\s:|-]+\|$/.test(line)) continue;
    const cells = line.slice(1, line.lastIndexOf('|')).split(/(?<!\\)\|/);
    const [word = '', code = '', meaning = ''] = cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
    if (word === 'word') continue;
    groups.at(-1)?.words.push({ word, code, meaning });
  }
  return groups;
}

/** The part of the glossary's address that leads to a word: `fork child` is `fork-child`. */
export function wordAnchor(word: string): string {
  return word
    .replaceAll('`', '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-|-$/g, '');
}
