import { traceRun } from '../src/engine.ts';
import { packTraces, type Run } from '../src/traces/keptTraces.ts';
import type { TreeNode } from './glossaryTerms.ts';

/** The elements of pages that run calls. */
const PLAYERS: ReadonlySet<string> = new Set(['LivePicture', 'TracePlayer', 'ProfilePair', 'LinesFigure']);

/**
 * A remark plugin: each element that runs calls gets their traces from the engine while the site is built, so that its page shows all
 * steps without the engine.
 * @throws Error where an element's calls or kernels are not written out
 */
export function keepTraces(): (tree: TreeNode) => void {
  return (tree) => keepIn(tree);
}

function keepIn(node: TreeNode): void {
  if (PLAYERS.has(node.name ?? '')) {
    node.attributes?.push({ type: 'mdxJsxAttribute', name: 'kept', value: packTraces(runsOf(node), traceRun) });
  }
  for (const child of node.children ?? []) keepIn(child);
}

/** What an element runs. */
function runsOf(node: TreeNode): Run[] {
  const lines = textOf(node, 'lines');
  if (typeof lines !== 'string') throw new Error(`${node.name}: its lines are no text`);
  const profiles = textOf(node, 'profiles') ?? [textOf(node, 'profile') ?? '6.19'];
  if (typeof profiles === 'string') throw new Error(`${node.name}: its profiles are no list`);
  const softDirty = (node.attributes ?? []).some(({ name }) => name === 'softDirty');
  return profiles.map((profile) => ({ lines, profile: String(profile), softDirty }));
}

/** The parts of a JavaScript expression (estree) that an attribute may be. */
interface Expression {
  readonly type: string;
  readonly value?: unknown;
  readonly elements?: readonly Expression[];
  readonly quasis?: readonly { readonly value: { readonly cooked?: string | null } }[];
}

/** The value of an attribute, as it is written on the page; `undefined`: the element has no such attribute. */
function textOf(node: TreeNode, wanted: string): string | readonly string[] | undefined {
  const value = node.attributes?.find(({ name }) => name === wanted)?.value;
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  const [statement] = value.data?.estree?.body ?? [];
  const text = statement ? literalOf(statement.expression as Expression) : undefined;
  if (text === undefined) throw new Error(`${node.name}: ${wanted} is not written out`);
  return text;
}

function literalOf({ type, value, elements, quasis }: Expression): string | readonly string[] | undefined {
  if (type === 'Literal' && typeof value === 'string') return value;
  if (type === 'TemplateLiteral' && quasis?.length === 1) return quasis[0]?.value.cooked ?? undefined;
  if (type !== 'ArrayExpression') return undefined;
  const texts = (elements ?? []).map(literalOf);
  return texts.every((text) => typeof text === 'string') ? texts : undefined;
}
