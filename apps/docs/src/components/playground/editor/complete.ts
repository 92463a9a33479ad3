import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { LITMUS_HELP, OP_HELP, wordsAfter } from 'fork-sim';
import { argumentAt, CALL_HELP, type CallArgument, signature } from './callHelp.ts';

/** Offers what may stand at the cursor: operations and system calls, and what each takes. */
export function complete(context: CompletionContext): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos);
  const at = context.pos - line.from;
  const inCall = argumentAt(line.text, at);
  if (inCall !== null) {
    const argument = inCall.call.args[inCall.argument];
    return argument ? completeArgument(context, argument) : null;
  }
  const word = context.matchBefore(/[\w+]*/);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  const op = /^\s*(\w+)\s/.exec(line.text.slice(0, at))?.[1];
  return offer(context, word, op === undefined ? HEADS : wordsFor(op), /^[\w+]*$/);
}

/** Offers words; none for a word that is whole, so that Enter behind it begins a new line. */
function offer(
  context: CompletionContext,
  word: { readonly from: number; readonly text: string },
  options: readonly Completion[],
  part: RegExp,
): CompletionResult | null {
  const whole = (text: string): boolean => options.some(({ label }) => label === text);
  if (whole(word.text) && !context.explicit) return null;
  return { from: word.from, options, validFor: (text) => part.test(text) && !whole(text) };
}

const HEADS: readonly Completion[] = [
  ...Array.from(OP_HELP, ([label, { form, says }]) => ({ label, detail: form, info: says, type: 'keyword', boost: 1 })),
  ...[...LITMUS_HELP.claims, ...LITMUS_HELP.headers].map(({ form, says }) => ({
    label: form.split(' ')[0] as string,
    detail: form,
    info: says,
    type: 'property',
  })),
  ...CALL_HELP.map((call) => ({
    label: `${call.name}(`,
    detail: signature(call),
    info: call.says,
    type: 'function',
    apply: call.sample,
  })),
];

function completeArgument(context: CompletionContext, argument: CallArgument): CompletionResult | null {
  const word = context.matchBefore(/[\w-]*/);
  if (!word || (word.from === word.to && !context.explicit && !afterJoin(context))) return null;
  const options = argument.words.map((label) => ({ label, type: 'constant', detail: argument.name }));
  return offer(context, word, options, /^[\w-]*$/);
}

/** Right behind a `|` or a comma the next word is wanted. */
function afterJoin(context: CompletionContext): boolean {
  return context.matchBefore(/[|,]\s*/) !== null;
}

function wordsFor(op: string): Completion[] {
  return wordsAfter(op).map((label) => ({ label, type: 'constant' }));
}
