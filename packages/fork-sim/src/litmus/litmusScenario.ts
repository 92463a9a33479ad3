import type { Scenario } from '../scenario/scenario.ts';
import { escapeText, unescapeText, windowOf, windowText } from './headers.ts';
import type { HeaderName, Litmus, LitmusLine } from './litmus.ts';

/** The text above a file's headers and operations: its title, and more. `null`: there is none. */
export function titleOf(lines: readonly LitmusLine[]): string | null {
  const comments: string[] = [];
  for (const line of lines) {
    if (line.kind !== 'comment') break;
    comments.push(unescapeText(line.text));
  }
  return comments.length === 0 ? null : comments.join('\n');
}

/** The value of a header line; `undefined`: the file has none. */
export function headerOf(lines: readonly LitmusLine[], name: HeaderName): string | undefined {
  for (const line of lines) if (line.kind === 'header' && line.name === name) return line.value;
  return undefined;
}

/** All of a scenario but its operations. */
export function scenarioHeader(lines: readonly LitmusLine[], id: string): Omit<Scenario, 'ops'> {
  const title = titleOf(lines);
  const tags = headerOf(lines, 'tags');
  const span = headerOf(lines, 'span');
  const reserve = headerOf(lines, 'reserve');
  const windows = lines.flatMap((line) => {
    const window = line.kind === 'header' && line.name === 'window' ? windowOf(line.value) : null;
    return window === null ? [] : [window];
  });
  return {
    id: unescapeText(headerOf(lines, 'id') ?? id),
    ...(tags === undefined ? {} : { tags: tags.split(',').map((tag) => unescapeText(tag.trim())) }),
    ...(title === null ? {} : { note: title }),
    ...(windows.length === 0 ? {} : { windows }),
    ...(span === undefined ? {} : { span: Number(span) }),
    ...(reserve === undefined ? {} : { reserve: reserve === 'on' }),
  };
}

/** The scenario of a litmus file, without its claims. @param id its name, where the file says none */
export function scenarioOfLitmus({ lines }: Litmus, id: string): Scenario {
  return { ...scenarioHeader(lines, id), ops: lines.flatMap((line) => (line.kind === 'op' ? [line.op] : [])) };
}

/** The litmus file of a scenario: it claims nothing. @param results what its lines are to say of each operation */
export function litmusOfScenario({ id, tags, note, windows = [], span, reserve, ops }: Scenario): Litmus {
  const header = (name: HeaderName, value: string | undefined): LitmusLine[] =>
    value === undefined ? [] : [{ kind: 'header', name, value }];
  const head: LitmusLine[] = [
    ...(note === undefined ? [] : note.split('\n')).map(
      (text): LitmusLine => ({ kind: 'comment', text: escapeText(text) }),
    ),
    ...header('id', escapeText(id)),
    ...header('tags', tags?.length ? tags.map((tag) => escapeText(tag, /,/g)).join(', ') : undefined),
    ...header('span', span === undefined ? undefined : String(span)),
    ...header('reserve', reserve === undefined ? undefined : reserve ? 'on' : 'off'),
    ...windows.flatMap((window) => header('window', windowText(window))),
  ];
  return {
    lines: [
      ...head,
      { kind: 'blank' },
      ...ops.map((op): LitmusLine => ({ kind: 'op', op, result: null, comment: null })),
    ],
  };
}
