import { describe, expect, it } from 'vitest';
import { glossaryTerms, type TreeNode } from '../plugins/glossaryTerms.ts';

const text = (value: string): TreeNode => ({ type: 'text', value });
const paragraph = (...children: TreeNode[]): TreeNode => ({ type: 'paragraph', children });

/** The text of a tree, with marked words in brackets. */
function marked({ type, name, value = '', children = [] }: TreeNode): string {
  const inside = value + children.map(marked).join('');
  return name === 'Term' ? `[${inside}]` : type === 'paragraph' ? `${inside}\n` : inside;
}

function run(path: string, ...children: TreeNode[]): string {
  const tree: TreeNode = { type: 'root', children };
  glossaryTerms()(tree, { path });
  return marked(tree);
}

describe('glossary terms', () => {
  it('are marked at their first use, in any number and case, and only there', () => {
    const page = run(
      'docs/story.mdx',
      paragraph(text('Guard pages in VMAs.')),
      paragraph(text('A VMA, a guard page.')),
    );
    expect(page).toBe('[Guard pages] in [VMAs].\nA VMA, a guard page.\n');
  });

  it('are marked in bold text, and neither in headings, links, tables nor code', () => {
    const bold = { type: 'strong', children: [text('page table')] };
    const left = ['heading', 'link', 'table'].map(
      (type): TreeNode => ({ type, children: [paragraph(text('a VMA '))] }),
    );
    expect(run('docs/story.mdx', ...left, paragraph({ type: 'inlineCode', value: 'VMA ' }, bold))).toBe(
      `${'a VMA \n'.repeat(3)}VMA [page table]\n`,
    );
  });

  it('are whole words', () => {
    expect(run('docs/story.mdx', paragraph(text('VMAX, non-VMA, vma_needs_copy, an anon_vma.')))).toBe(
      'VMAX, non-VMA, vma_needs_copy, an [anon_vma].\n',
    );
  });

  it('carry the sentence of GLOSSARY.md and lead to its row', () => {
    const tree: TreeNode = { type: 'root', children: [paragraph(text('anon_vma'))] };
    glossaryTerms()(tree, { path: 'docs/story.mdx' });
    const [, term] = tree.children?.[0]?.children ?? [];
    expect(term?.attributes?.map(({ name, value }) => [name, value])).toEqual([
      ['anchor', 'anon_vma'],
      ['meaning', expect.stringMatching(/^The object through which anonymous pages find their mappings.*\.$/)],
    ]);
  });

  it('leave a node without children without them', () => {
    const leaf: TreeNode = { type: 'thematicBreak' };
    run('docs/story.mdx', leaf);
    expect(leaf).toEqual({ type: 'thematicBreak' });
    expect('children' in leaf).toBe(false);
  });

  it('are left alone in the API and in the glossary', () => {
    for (const path of ['docs/api/vma-core.mdx', 'docs/glossary.mdx']) {
      expect(run(path, paragraph(text('A VMA')))).toBe('A VMA\n');
    }
  });
});
