import { type DecisionView, type EventView, type MapState, type MapVma, pageState, type TraceStep } from 'fork-sim';
import type { MergeRefusal } from 'vma-core';
import { formatVmFlags } from 'vma-core';
import { grouped } from './grouped.ts';

/** `4 pages, 16 kB`. */
export function size(pages: number): string {
  return `${count(pages, 'page')}, ${grouped(pages * 4)} kB`;
}

/** `page 4`, `pages 4 to 7`; `end` is exclusive. */
export function pageSpan({ start, end }: { readonly start: number; readonly end: number }): string {
  return end - start === 1 ? `page ${start}` : `pages ${start} to ${end - 1}`;
}

export function count(n: number, what: string): string {
  return `${grouped(n)} ${what}${n === 1 ? '' : 's'}`;
}

/** Offsets from here on are those of anonymous memory: its address, in pages. */
const ADDRESS_PAGES = 0x10_0000;

/** A page offset: one in a file as it is, one of anonymous memory in hex, which is its address without the last three digits. */
export function pgoffText(pages: number): string {
  return pages < ADDRESS_PAGES ? pages.toLocaleString('en') : `0x${pages.toString(16)}`;
}

/** A rule's short name, and the two values that differ: what stands on a wall. */
export function refusalShort(refusal: MergeRefusal): string {
  switch (refusal.rule) {
    case 'vmFlags':
      return `flags differ by ${formatVmFlags(refusal.diff)}`;
    case 'pgoff':
    case 'anonPgoff':
      return `${refusal.rule} ${pgoffText(refusal.got)} ≠ ${pgoffText(refusal.want)}`;
    case 'anonVma':
      return `anon_vma av${refusal.range} ≠ av${refusal.neighbour}`;
    case 'neighboursAnonVma':
      return `anon_vma av${refusal.prev} ≠ av${refusal.next}`;
    case 'forkChild':
      return `fork child: chain of ${refusal.chain}`;
    case 'vmFile':
      return 'not the same open file';
    case 'closeHook':
      return 'close hook';
    case 'special':
      return `special: ${formatVmFlags(refusal.flags)}`;
    case 'faultedIntoUnfaulted':
      return 'faulted next to unfaulted';
    case 'notAdjacent':
      return 'a hole between';
    case 'notAtEdge':
      return 'not at an edge';
    case 'policy':
      return `memory policy ${refusal.range} ≠ ${refusal.neighbour}`;
    case 'userfaultfd':
      return 'not the same userfaultfd';
    case 'anonName':
      return `name ${refusal.range ?? 'none'} ≠ ${refusal.neighbour ?? 'none'}`;
    case 'ownSource':
      return 'its own source';
    case 'justExpand':
      return 'brk never joins';
    default:
      return refusal satisfies never;
  }
}

/** The rule that refused, as one sentence for a reader. */
export function refusalSentence(refusal: MergeRefusal): string {
  switch (refusal.rule) {
    case 'vmFlags':
      return `The flags differ by ${formatVmFlags(refusal.diff)}, which this kernel does not ignore.`;
    case 'pgoff':
      return `The offsets do not continue: page offset ${pgoffText(refusal.want)} was needed, the neighbour has ${pgoffText(refusal.got)}.`;
    case 'anonPgoff':
      return `The anonymous offsets do not continue: ${pgoffText(refusal.want)} was needed, the neighbour has ${pgoffText(refusal.got)}.`;
    case 'anonVma':
      return `Both were written, apart from each other, and have two anon_vmas (av${refusal.range} and av${refusal.neighbour}).`;
    case 'neighboursAnonVma':
      return `Both neighbours fit, but they have two anon_vmas (av${refusal.prev} and av${refusal.next}), so only one can join.`;
    case 'forkChild':
      return `Only one side has an anon_vma, and that side was inherited over a fork (its chain has ${refusal.chain} links).`;
    case 'vmFile':
      return 'They are not backed by the same open file.';
    case 'closeHook':
      return 'The merge would remove a VMA whose driver wants to be told of its end (a close hook).';
    case 'special':
      return `Special mappings (${formatVmFlags(refusal.flags)}) never merge.`;
    case 'faultedIntoUnfaulted':
      return 'This kernel does not merge a written range into a neighbour that was never written.';
    case 'notAdjacent':
      return 'They do not touch.';
    case 'notAtEdge':
      return 'The range does not reach this edge of its VMA.';
    case 'policy':
      return 'They have different memory policies.';
    case 'userfaultfd':
      return 'They belong to different userfaultfds.';
    case 'anonName':
      return 'They have different names.';
    case 'ownSource':
      return 'A copy made by MREMAP_DONTUNMAP does not join its own source.';
    case 'justExpand':
      return 'brk only grows the last VMA of the heap.';
    default:
      return refusal satisfies never;
  }
}

const MERGE_OF: Readonly<Record<'new' | 'existing' | 'copied', string>> = {
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
      return `${event.neighbour.letter} did not join: ${lowerFirst(refusalSentence(event.refusal))}`;
    case 'split':
      return `One VMA became two, ${event.below.letter} and ${event.above.letter}: each half keeps every flag.`;
    default:
      return event satisfies never;
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

const COPY_RULES: Readonly<Record<string, string>> = {
  dstFlags: "the child's flags ask for it",
  srcFlags: "the parent's flags ask for it",
  anonVma: 'it has an anon_vma, so it may hold private pages',
  refault: 'a fault can make every page table entry again',
};

/** Why fork copied, or did not, in words. */
export function decisionWhy({ action, rule }: DecisionView): string {
  if (rule !== null) return COPY_RULES[rule] ?? rule;
  return action === 'wipe' ? 'MADV_WIPEONFORK' : 'MADV_DONTFORK';
}

/** Why fork copied, or did not, as one sentence. */
export function decisionSentence(decision: DecisionView): string {
  const { letter, action } = decision;
  const why = decisionWhy(decision);
  const flags = decision.flags.length > 0 ? ` (${decision.flags.join(' ')})` : '';
  switch (action) {
    case 'copy':
      return `${letter} is copied, ${count(decision.ptes, 'entry').replace('entrys', 'entries')}: ${why}${flags}.`;
    case 'refault':
      return `${letter} is left to refault: ${why}.`;
    case 'wipe':
      return `${letter} is empty in the child: MADV_WIPEONFORK.`;
    case 'skip':
      return `${letter} is not in the child: MADV_DONTFORK.`;
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
  return `${count(state.vmas.length, 'VMA')}: ${parts.join('; ')}.${guardText}`;
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
  const { result } = step;
  if (result.faults !== null) return [`The program gets a ${result.text}: ${faultPhrase(result.faults)}.`];
  if (!result.ok) return [`The kernel answers ${result.text}.`];
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
  if (grown > 0) return `${count(grown, 'VMA')} more; nothing merged.`;
  if (grown < 0) return `${count(-grown, 'VMA')} less.`;
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
