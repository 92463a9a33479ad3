import { describe, expect, it } from 'vitest';
import type { AttributeValue, TreeNode } from '../plugins/glossaryTerms.ts';
import { keepTraces } from '../plugins/keepTraces.ts';
import { STORY_LINES, STORY_RUN } from '../src/content/story.ts';
import { traceRun } from '../src/engine.ts';
import { packTraces, type Run, runKey, unpackTraces } from '../src/traces/keptTraces.ts';

const CALLS = 'mmap 4+4 rw; write 4; mmap 12+4 rw; write 12; mmap 8+4 r';
const PAIR: Run = { lines: CALLS, profile: '6.12', softDirty: true };

describe('traces that a page carries', () => {
  it.each([STORY_RUN, PAIR])('are those of the engine, with every flag of a refusal: $lines', (run) => {
    const kept = unpackTraces(packTraces([run], traceRun));
    expect([...kept]).toEqual([[runKey(run), traceRun(run)]]);
  });

  it('are found by what is run, however it is written', () => {
    expect(runKey({ ...PAIR, lines: ` ${CALLS.replaceAll('; ', '\n')}\n` })).toBe(runKey(PAIR));
    for (const other of [{ lines: `${CALLS}; read 4` }, { profile: '6.16' }, { softDirty: false }])
      expect(runKey({ ...PAIR, ...other })).not.toBe(runKey(PAIR));
  });

  it('hold the picture of each part of a text: its first calls alone leave the same state', () => {
    const { steps } = traceRun(STORY_RUN);
    const lines = STORY_LINES.split('\n');
    for (const [at, step] of steps.entries())
      expect(traceRun({ ...STORY_RUN, lines: lines.slice(0, at + 1).join('\n') }).steps.at(-1)).toEqual(step);
  });
});

describe('an element of a page that runs calls', () => {
  const expression = (body: object) => ({ data: { estree: { body: [{ expression: body }] } } });
  const template = (cooked: string) => expression({ type: 'TemplateLiteral', quasis: [{ value: { cooked } }] });
  const list = (...texts: string[]) =>
    expression({ type: 'ArrayExpression', elements: texts.map((value) => ({ type: 'Literal', value })) });

  function keptOf(name: string, given: Readonly<Record<string, AttributeValue>>) {
    const attributes = Object.entries(given).map(([key, value]) => ({ type: 'mdxJsxAttribute', name: key, value }));
    const node: TreeNode = { type: 'mdxJsxFlowElement', name, attributes };
    keepTraces()({ type: 'root', children: [{ type: 'paragraph', children: [node] }] });
    const text = attributes.find((one) => one.name === 'kept')?.value;
    return [...unpackTraces(typeof text === 'string' ? text : undefined).keys()];
  }

  it('gets a trace for each of its kernels, with its flags', () => {
    const lines = CALLS;
    expect(keptOf('TracePlayer', { lines: 'mmap 1+1 rw' })).toEqual([
      runKey({ lines: 'mmap 1+1 rw', profile: '6.19', softDirty: false }),
    ]);
    expect(keptOf('LivePicture', { lines: 'mmap 1+1 rw', profile: '7.3', softDirty: null })).toEqual([
      runKey({ lines: 'mmap 1+1 rw', profile: '7.3', softDirty: true }),
    ]);
    expect(keptOf('ProfilePair', { lines: template(lines), profiles: list('6.18', '6.19') })).toEqual(
      ['6.18', '6.19'].map((profile) => runKey({ lines, profile, softDirty: false })),
    );
    expect(keptOf('Term', { lines: 'mmap 1+1 rw' })).toEqual([]);
  });

  it('must write its calls out, for the build to run them', () => {
    const given = { lines: expression({ type: 'Identifier' }) };
    expect(() => keptOf('TracePlayer', given)).toThrow('TracePlayer: lines is not written out');
    expect(() => keptOf('ProfilePair', { lines: 'mmap 1+1 rw', profiles: '6.18' })).toThrow('its profiles are no list');
  });
});
