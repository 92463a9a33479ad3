import { countOf } from './numbers.ts';

/** What of a log could not be judged; see `LogVerdict`. */
interface NotJudged {
  readonly unread: number;
  readonly unknownMemory: number;
  readonly notModelled: number;
  readonly outside: number;
}

/** What of a log could not be judged, as a list in words; empty where all could. */
export function notJudgedText({ unread, unknownMemory, notModelled, outside }: NotJudged): string {
  const parts = [
    [unread, countOf(unread, 'line that could not be read', 'lines that could not be read')],
    [unknownMemory, `${countOf(unknownMemory, 'call')} on memory that the log does not show`],
    [notModelled, countOf(notModelled, 'call that is not modelled', 'calls that are not modelled')],
    [outside, `${countOf(outside, 'call')} refused for a reason outside of the model`],
  ] as const;
  return parts.flatMap(([count, text]) => (count > 0 ? [text] : [])).join(', ');
}

/** Where VMAs come from that a log does not show: an `execve` makes some, and a process has some before its log begins. */
export type Unseen = 'exec' | 'before';

/** What is not in a log's number of VMAs, in words. */
export const UNSEEN_WORDS: Readonly<Record<Unseen, string>> = {
  exec: 'besides those that execve maps itself, which a log does not show: some 14 for a program and its loader',
  before: 'besides what was mapped before the log begins, which it does not show',
};
