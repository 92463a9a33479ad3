import type { TreeNode } from './glossaryTerms.ts';

/** The elements of pages that draw an address space, and can say what their parts mean. */
const FIGURES = new Set(['LivePicture', 'TracePlayer', 'ProfilePair', 'LinesFigure']);

/** A remark plugin: the first figure of each page shows its key. */
export function firstFigure(): (tree: TreeNode) => void {
  return (tree) => {
    const figure = find(tree);
    figure?.attributes?.push({ type: 'mdxJsxAttribute', name: 'legend', value: null });
  };
}

function find(node: TreeNode): TreeNode | undefined {
  if (FIGURES.has(node.name ?? '')) return node;
  for (const child of node.children ?? []) {
    const found = find(child);
    if (found) return found;
  }
  return undefined;
}
