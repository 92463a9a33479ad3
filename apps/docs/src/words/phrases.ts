import { type DecisionView, type EventView, type MapState, type MapVma, pageState, type TraceStep } from 'fork-sim';
import { countOf, explain, forkWhy } from 'fork-sim/words';
import type { MergeKind } from 'vma-core';

/** `page 4`, `pages 4 to 7`; `end` is exclusive. */
export function pageSpan({ start, end }: { readonly start: number; readonly end: number }): string {
  return end - start === 1 ? `page ${start}` : `pages ${start} to ${end - 1}`;
}

/** What a merge took in. */
export const MERGE_OF: Readonly<Record<MergeKind, string>> = {
  new: 'the new range',
  existing: 'the changed range',
  copied: 'the moved range',
};

/** What happened, as one sentence. */
export function eventSentence(event: EventView): string {
  switch (event.kind) {
    case 'merged': {
      const gone =
        event.removed.length > 0
          ? `; ${event.removed.map(({ letter }) => letter).join(' and ')} ${event.removed.length > 1 ? 'are' : 'is'} gone`
          : '';
      return `${event.result.letter} grew over ${MERGE_OF[event.of]}${gone}.`;
    }
    case 'refused':
      return `${event.neighbour.letter} did not join: ${lowerFirst(explain(event.refusal))}`;
    case 'split':
      return `One VMA became two, ${event.below.letter} and ${event.above.letter}. Both halves have all of its flags; the call then changes one of them.`;
    default:
      return event satisfies never;
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Why fork copied, or did not, as one sentence. */
export function decisionSentence(decision: DecisionView): string {
  const { letter, action, ptes } = decision;
  const why = forkWhy(decision, decision.flags.join(' '));
  switch (action) {
    case 'copy':
      return `${letter} is copied, ${countOf(ptes, 'entry', 'entries')}: ${why}.`;
    case 'refault':
      return `${letter} is not copied, and the child faults its pages in again: ${why}.`;
    case 'wipe':
      return `${letter} is empty in the child: ${why}.`;
    case 'skip':
      return `${letter} is not in the child: ${why}.`;
    default:
      return action satisfies never;
  }
}

/** Names of the page states, for legends and tables. */
export const PAGE_STATES: Readonly<Record<string, string>> = {
  '.': 'nothing yet',
  z: 'the zero page',
  a: 'private, shared over a fork',
  A: 'private, exclusive',
  f: 'file page, mapped more than once',
  F: 'file page',
  S: 'swapped out',
  G: 'guard marker',
  W: 'write-protect marker',
};

/** A picture in one sentence: how many VMAs, each with what it is, and where guards are. */
export function stateSentence(state: MapState): string {
  if (state.vmas.length === 0) return 'Nothing is mapped.';
  const parts = state.vmas.map((vma) => vmaPhrase(vma));
  const guards = state.pages.flatMap(({ first, letters }) =>
    Array.from(letters).flatMap((letter, at) => (letter === 'G' ? [first + at] : [])),
  );
  const guardText =
    guards.length === 0
      ? ''
      : ` Guard ${guards.length === 1 ? 'marker at page' : 'markers at pages'} ${pageList(guards)}.`;
  return `${countOf(state.vmas.length, 'VMA')}: ${parts.join('; ')}.${guardText}`;
}

function vmaPhrase(vma: MapVma): string {
  const sticky = vma.sticky.length > 0 ? `, sticky ${vma.sticky.join(' ')}` : '';
  return `${vma.letter} is ${pageSpan(vma)}, ${vma.perms} ${vma.backing}${sticky}`;
}

/** `3, 5 to 9`. */
function pageList(pages: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < pages.length; ) {
    let j = i;
    while (j + 1 < pages.length && pages[j + 1] === pages[j]! + 1) j++;
    parts.push(i === j ? `${pages[i]}` : `${pages[i]} to ${pages[j]}`);
    i = j + 1;
  }
  return parts.join(', ');
}

/** What a step did, as sentences: its result, merges, refusals and splits, and fork's decisions. */
export function stepSentences(step: TraceStep): string[] {
  return [...resultSentences(step), ...step.events.map(eventSentence), ...step.decisions.map(decisionSentence)];
}

/** What the program gets to see, and what changed where the engine has nothing to tell. */
export function resultSentences(step: TraceStep): string[] {
  const { res, faults } = step.record;
  if (faults !== undefined) return [`The program gets a ${res}: ${faultPhrase(faults)}.`];
  if (res !== 'ok') return [`The kernel answers ${res}.`];
  return step.events.length + step.decisions.length === 0 ? [quietSentence(step)] : [];
}

function pagesText({ pages }: MapState): string {
  return pages.map(({ letters }) => letters).join('|');
}

/** Pages whose state a step changed, as sentences: from what to what. Pages that a mapping brought or took are left out. */
export function pageSentences({ before, state }: TraceStep): string[] {
  const groups = new Map<string, number[]>();
  for (const { first, letters } of state.pages) {
    for (const [at, letter] of Array.from(letters).entries()) {
      const old = pageState(before, first + at);
      if (old === letter || old === ' ' || letter === ' ') continue;
      const change = `${PAGE_STATES[old] ?? old} → ${PAGE_STATES[letter] ?? letter}`;
      groups.set(change, [...(groups.get(change) ?? []), first + at]);
    }
  }
  return [...groups].map(
    ([change, pages]) => `${pages.length === 1 ? 'Page' : 'Pages'} ${pageList(pages)}: ${change}.`,
  );
}

function quietSentence(step: TraceStep): string {
  const grown = step.state.vmas.length - step.before.vmas.length;
  const changes = flagChanges(step);
  if (changes.length > 0) return changes.join(' ');
  if (grown > 0) return `${countOf(grown, 'VMA')} more; nothing merged.`;
  if (grown < 0) return `${countOf(-grown, 'VMA')} fewer.`;
  if (pagesText(step.state) !== pagesText(step.before))
    return 'The VMAs stay as they are; only the page table changed.';
  return 'No VMA changed.';
}

/** Flags that VMAs gained or lost, where nothing else about them changed. */
function flagChanges(step: TraceStep): string[] {
  const before = new Map(step.before.vmas.map((vma) => [vma.letter, vma]));
  return step.state.vmas.flatMap((vma) => {
    const old = before.get(vma.letter);
    if (!old || old.start !== vma.start || old.end !== vma.end) return [];
    const gained = vma.flags.filter((word) => !old.flags.includes(word));
    const lost = old.flags.filter((word) => !vma.flags.includes(word));
    if (gained.length === 0 && lost.length === 0) return [];
    const parts = [
      gained.length > 0 ? `gains ${gained.join(' ')}` : '',
      lost.length > 0 ? `loses ${lost.join(' ')}` : '',
    ];
    return [`${vma.letter} ${parts.filter((part) => part !== '').join(' and ')}.`];
  });
}

function faultPhrase(faults: string): string {
  const names: Readonly<Record<string, string>> = {
    '.': 'fine',
    M: 'SEGV_MAPERR (nothing mapped, or a guard)',
    P: 'SEGV_ACCERR (the protection forbids it)',
    B: 'SIGBUS (beyond the file)',
  };
  // Pages that fare alike are named once.
  return Array.from(new Set(faults), (letter) => names[letter] ?? letter).join(', ');
}
