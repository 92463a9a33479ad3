import type { ReplayNotes } from '../replay/replayNotes.ts';

/** What the log leaves open about the order of calls that overlap, in sentences; none where it leaves nothing open. */
export function orderSentences({ openOrders, noOrder }: ReplayNotes): string[] {
  const sentences: string[] = [];
  const [open] = openOrders.examples;
  if (open !== undefined) {
    const more = openOrders.count > 1 ? `, and ${openOrders.count - 1} more such pairs` : '';
    sentences.push(
      `Calls overlap, and the results fit either order: line ${open.call.line} was taken to come before line ${open.other.line}${more}.`,
    );
  }
  const [first] = noOrder.examples;
  if (first !== undefined) {
    const times = noOrder.count > 1 ? ` (${noOrder.count} times in the log)` : '';
    sentences.push(
      `No order was found in which all results of the calls that overlap from line ${first.line} on fit${times}: one in which few do not was taken.`,
    );
  }
  return sentences;
}
