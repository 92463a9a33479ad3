import { countOf, formatCount } from './numbers.ts';

interface Exception {
  readonly line: number | null;
  readonly start: number;
  readonly before: number | null;
}

/** Page faults that were looked for. */
interface Found {
  readonly faults: string;
  readonly exceptions: readonly Exception[];
  readonly proven: readonly Exception[];
  readonly differing: number;
  readonly asked: { readonly faults: string; readonly differing: number };
  readonly assumptions: readonly { readonly faults: string; readonly differing: number }[];
  readonly tried: number;
  readonly exhausted: boolean;
}

/** On which page faults an answer rests; see `OverviewFaults`. */
export interface FaultsWords {
  readonly recorded: boolean;
  readonly assumed: 'never' | 'on-map' | 'auto';
  readonly differing: number | null;
  readonly found: Found | null;
}

/** Which page faults an answer rests on, and what speaks for them. */
export function overviewFaultsText({ recorded, assumed, differing, found }: FaultsWords): string {
  if (recorded) return `recorded by perf, nothing is assumed${realMapText(differing)}`;
  if (found !== null) return `not recorded; ${faultsText(found)}`;
  const taken = `${ASSUMED[assumed]} (--faults ${assumed})`;
  return `not recorded; ${taken}${realMapText(differing)}`;
}

const ASSUMED: { readonly [assumption in FaultsWords['assumed']]: string } = {
  'on-map': 'taken as written as soon as writable',
  auto: 'taken as written when the program goes on',
  never: 'nothing is taken as written',
};

function realMapText(differing: number | null): string {
  if (differing === null) return '';
  return differing === 0 ? '; the map at the end is the real one' : `; ${countOf(differing, 'VMA')} at the end differ`;
}

/** Exceptions that are told one by one. */
const MAX_EXCEPTIONS = 3;

/** Which page faults lead to the real map, and whether any do. */
export function faultsText(found: Found): string {
  const { faults, exceptions, proven, differing, asked, tried, exhausted } = found;
  const left = `with ${asked.faults}, ${countOf(asked.differing, 'difference')}`;
  const which = `${faults}${exceptions.length === 0 ? '' : `, but ${exceptionsText(exceptions)}`}`;
  const shown = proven.length === 0 ? '' : ', and at the end what the real map shows as written';
  const others = othersText(found);
  if (differing === 0) return `these lead to the real map: ${which}${shown} (${left})${others}`;
  const none = exhausted
    ? `no page faults lead to the real map, of ${countOf(tried, 'replay')} that differ in when the memory around the differences was written`
    : `no page faults were found that lead to the real map, in ${countOf(tried, 'replay')}`;
  const nearest =
    differing < asked.differing ? `; nearest comes ${which}: ${formatCount(differing)} (${left})${others}` : '';
  return `${none}: the model is wrong here, or the log is not the whole story${nearest}`;
}

/** What the assumptions cost that were neither asked for nor lead to the real map. */
function othersText({ asked, assumptions }: Found): string {
  const others = assumptions.filter(({ faults, differing }) => faults !== asked.faults && differing > 0);
  return others.map(({ faults, differing }) => `; with ${faults}, ${countOf(differing, 'difference')}`).join('');
}

function exceptionsText(exceptions: readonly Exception[]): string {
  const shown = exceptions.slice(0, MAX_EXCEPTIONS).map(({ line, start, before }) => {
    const memory = line === null ? `the memory at 0x${start.toString(16)}` : `the memory of line ${line}`;
    if (before === null) return `${memory} was never written`;
    return before === line ? `${memory} was written at once` : `${memory} was written before line ${before}`;
  });
  const more = exceptions.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
