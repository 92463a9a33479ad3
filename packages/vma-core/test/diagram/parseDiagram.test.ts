import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Diagram, DiagramError, drawDiagram, parseDiagram } from '../../src/diagram/index.ts';
import { seed } from '../support/seed.ts';

const vma = (letter: string, start: number, end: number) => ({ letter, start, end });

describe('parseDiagram reads', () => {
  it.each<[string, string, Diagram]>([
    ['nothing', '', { pages: 0, vmas: [], range: null }],
    ['holes only', '...', { pages: 3, vmas: [], range: null }],
    ['VMAs and holes', 'AA.BBB', { pages: 6, vmas: [vma('A', 0, 2), vma('B', 3, 6)], range: null }],
    [
      'neighbours that touch',
      '.ABC',
      { pages: 4, vmas: [vma('A', 1, 2), vma('B', 2, 3), vma('C', 3, 4)], range: null },
    ],
    [
      'a new range between two VMAs',
      'AA**BB',
      { pages: 6, vmas: [vma('A', 0, 2), vma('B', 4, 6)], range: { start: 2, end: 4 } },
    ],
    [
      'lower case as an existing range',
      'AAbbBB',
      { pages: 6, vmas: [vma('A', 0, 2), vma('B', 2, 6)], range: { start: 2, end: 4 } },
    ],
    [
      'a range over several VMAs and a hole',
      'Aab*cC',
      { pages: 6, vmas: [vma('A', 0, 2), vma('B', 2, 3), vma('C', 4, 6)], range: { start: 1, end: 5 } },
    ],
    ['a range and nothing else', '..**', { pages: 4, vmas: [], range: { start: 2, end: 4 } }],
  ])('%s: %s', (_, text, diagram) => {
    expect(parseDiagram(text)).toEqual(diagram);
  });

  it('a second row laid over the first, whichever of the two holds the stars', () => {
    const expected = parseDiagram('AAbbBB');
    expect(parseDiagram('AABBBB\n  **')).toEqual(expected);
    expect(parseDiagram('AA**BB\n  BB')).toEqual(expected);
    expect(parseDiagram('  **\nAABBBB')).toEqual(expected);
  });

  it('indented rows under a ruler, as drawings in comments are written', () => {
    const text = `
      0123456789abc
      .AAMMMM.B
         **
    `;
    expect(parseDiagram(text)).toEqual(parseDiagram('.AAmmMM.B'));
  });

  it('trailing spaces as nothing', () => {
    expect(parseDiagram('AA  ').pages).toBe(2);
  });
});

describe('parseDiagram refuses', () => {
  it.each([
    ['a letter in two places', 'AA.A', 4, 'A is in two places, here and at column 1 (column 4)'],
    ['a letter in two places, once in lower case', 'Ba.A', 4, 'A is in two places'],
    ['a range in two pieces', 'A**.*', 5, 'the range is in two pieces; the second starts here'],
    ['two letters in one column', 'AAB\n AA', 3, 'both B and A here'],
    ['a character that means nothing', 'AA#B', 3, '"#" means nothing in a drawing'],
    ['a tab', 'AA\tB', 3, 'means nothing in a drawing'],
    ['a shortened drawing', 'AAA//AAA', 4, 'a shortened drawing cannot be read'],
    ['an indented mistake, at its place in the text', '   AA!', 6, '"!" means nothing'],
  ])('%s, and names its column', (_, text, column, message) => {
    let error: unknown;
    try {
      parseDiagram(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(DiagramError);
    expect((error as DiagramError).column).toBe(column);
    expect((error as DiagramError).message).toContain(message);
  });
});

/** Any drawing: runs of letters and holes, and a range somewhere. */
const diagrams: fc.Arbitrary<Diagram> = fc
  .record({
    runs: fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.boolean()), { maxLength: 26 }),
    range: fc.option(fc.tuple(fc.nat(80), fc.nat(80))),
  })
  .map(({ runs, range }) => {
    const vmas: { letter: string; start: number; end: number }[] = [];
    let at = 0;
    for (const [length, mapped] of runs) {
      if (mapped) vmas.push(vma(String.fromCharCode(65 + vmas.length), at, at + length));
      at += length;
    }
    const marked = range && { start: Math.min(...range), end: Math.max(...range) + 1 };
    return { pages: Math.max(at, marked?.end ?? 0), vmas, range: marked };
  });

describe(`a drawing that is printed and read again is the same (seed ${seed})`, () => {
  it('for any VMAs and range', () => {
    fc.assert(
      fc.property(diagrams, (diagram) => {
        expect(parseDiagram(drawDiagram(diagram))).toEqual(diagram);
      }),
      { seed },
    );
  });
});
