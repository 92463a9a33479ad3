import { scenarioOf, type Trace, traceScenario } from 'fork-sim';
import { mergePath, storyPath } from '../link/statePaths.ts';
import { MERGE_FUNCTIONS } from '../picture/attempts.ts';
import { type Card, rowsOf, tightView } from '../picture/cardSvg.ts';
import { mergeCases } from './mergeCases.ts';
import { STORY, STORY_LINES } from './story.ts';

/** The calls that a card draws: what the last of them leaves. */
interface CardCalls {
  /** Scenario lines, `;` or a new line between them. */
  readonly lines: string;
  /** Default 6.19. */
  readonly profile?: string;
  readonly softDirty?: boolean;
}

/** A state of the story or of the gallery that has an address of its own, so that a link to it shows its picture. */
export interface StateCard {
  /** Path of the link, and of the place on a page that it leads to. */
  readonly path: string;
  readonly to: string;
  readonly card: Card;
}

const MERGED = 'mmap 2+4 r file0@2 shared; guard 4; mmap 8+4 r file0@8 shared; mmap 6+2 r file0@6 shared';
const STACKS = 'mmap 0+5 rw; mprotect 0+1 none; mmap 5+5 rw; mprotect 5+1 none; mmap 10+4 rw; mprotect 10+1 none';
const MARKERS = 'mmap 0+5 rw; guard 0; mmap 5+5 rw; guard 5; mmap 10+4 rw; guard 10';
const WALLS = 'mmap 2+4 rw file0@10 shared; mmap 6+4 rw file0@2 shared; mmap 10+4 rw file0@20 shared';
const THREE =
  'mmap 1+4 rw; write 1+4; mmap 6+4 r file0@6 shared; read 6+4; mmap 11+4 r file1@11 shared; guard 12; fork';
const LOST = 'mmap 2+4 r file0@2 shared; guard 4; mmap 6+4 rw file0@6 shared; mprotect 6+4 r; fork';

/** The picture of a page that has none of its own below: the merge in which a flag sticks. */
export const USUAL_CARD: CardCalls = { lines: MERGED };
/** The picture of all pages of the API. */
export const API_CARD: CardCalls = { lines: 'mmap 2+5 r file0@2; mmap 7+4 rw file0@7; write 8' };

/** The pictures of pages, by their paths. */
export const PAGE_CARDS: Readonly<Record<string, CardCalls>> = {
  '/in-one-minute': { lines: 'mmap 2+8 rw; mprotect 5+2 r; write 2' },
  '/story': { lines: STORY_LINES },
  '/concepts/flags': { lines: 'mmap 3+10 r file0@3; mprotect 7+3 none' },
  '/concepts/merging': { lines: 'mmap 2+4 r file0@2; mmap 6+6 none file0@6; mprotect 6+3 r' },
  '/concepts/gallery': { lines: 'mmap 2+4 r; mmap 6+3 rw; mmap 9+4 r; mprotect 6+3 r' },
  '/concepts/guards': { lines: 'mmap 2+11 rw; guard 5' },
  '/concepts/faults': { lines: 'mmap 2+5 rw; read 2; write 3; mmap 8+5 rw file0@8; read 8; write 9' },
  '/concepts/fork': { lines: THREE },
  '/concepts/soft-dirty': {
    lines: 'mmap 6+4 r; clear_refs; mmap 2+4 rw; mmap 10+4 rw; mprotect 6+4 rw',
    softDirty: true,
  },
  '/concepts/why-not': { lines: 'mmap 2+4 rw; write 2; mmap 10+4 rw; write 10; mmap 6+4 rw' },
  '/patch': { lines: LOST },
  '/differences': { lines: LOST, profile: 'as-posted' },
  '/exercises': { lines: 'mmap 2+4 rw; guard 4; mmap 6+6 r; mprotect 6+3 rw' },
  '/how-we-know': { lines: 'mmap 1+4 rw; write 1+3; mmap 6+7 rw file0@6; read 6+2; write 9' },
  '/guides/count-your-vmas': { lines: STACKS },
  '/guides/guard-pages': { lines: MARKERS },
  '/guides/fork-cost': { lines: THREE },
  '/guides/fork-drawn': {
    lines:
      'mmap 1+5 rw; write 1+5; mmap 7+2 rw file0 shared; read 7+2; mmap 10+2 rw file1 shared; read 10+2; guard 10; fork',
  },
  '/guides/read-a-log': { lines: WALLS },
  '/guides/check-a-rule': { lines: 'mmap 1+6 rw file0; mprotect 4+3 r; guard 4; mprotect 1+3 r', profile: 'as-posted' },
  '/break-a-rule': { lines: LOST, profile: 'as-posted' },
  '/commands': { lines: WALLS },
  '/live-code': { lines: 'mmap 2+11 rw; guard 5; fork' },
  '/links': { lines: 'mmap 2+11 rw; guard 6' },
  '/litmus': { lines: LOST },
  '/speed': { lines: THREE },
  '/playground': {
    lines: STORY.slice(0, 5)
      .map(({ line }) => line)
      .join('\n'),
  },
};

function traceOf({ lines, profile = '6.19', softDirty = false }: CardCalls): Trace {
  return traceScenario(scenarioOf('card', lines.replaceAll('; ', '\n')), { profile, softDirty });
}

/** The card that shows the end of some calls. */
export function cardOf(calls: CardCalls, title: string, text: string): Card {
  const step = traceOf(calls).steps.at(-1);
  if (!step) throw new Error(`${title}: no calls`);
  const rows = rowsOf(step);
  return { title, text, call: step.call, rows, view: tightView(rows.map(({ state }) => state)) };
}

/** A card for each step of the story and each merge of the gallery. */
export function stateCards(): StateCard[] {
  const steps = STORY.map(({ title, short }, at): StateCard => {
    const lines = STORY.slice(0, at + 1)
      .map(({ line }) => line)
      .join('\n');
    return { path: storyPath(at), to: `/story#step-${at + 1}`, card: cardOf({ lines }, `${at + 1}. ${title}`, short) };
  });
  const merges = mergeCases().map(({ of, anchor, name, step }): StateCard => {
    const { before, state } = step;
    const rows = [
      { name: 'Before', state: before },
      { name: 'After', state },
    ];
    const text = `${MERGE_FUNCTIONS[of]}: ${name}.`;
    const card = { title: `Merge ${name}`, text, call: step.call, rows, view: tightView([before, state]) };
    return { path: mergePath(anchor), to: `/concepts/gallery#${anchor}`, card };
  });
  return [...steps, ...merges];
}
