import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { argumentAt, CALL_HELP, type CallArgument, signature } from '../../../notation/callHelp.ts';
import { OP_HELP } from '../../../notation/opHelp.ts';
import { ADVICE_NAMES, FLAG_WORDS } from '../../../notation/opText.ts';

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
  ...OP_HELP.map(({ name, form, says }) => ({ label: name, detail: form, info: says, type: 'keyword', boost: 1 })),
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
  return namesFor(op).map((label) => ({ label, type: 'constant' }));
}

function namesFor(op: string): readonly string[] {
  if (op === 'madvise') return ADVICE_NAMES;
  if (op === 'mprotect') return ['none', 'r', 'rw', 'rx'];
  if (op === 'mmap') return ['r', 'rw', 'none', 'rx', 'file0@', 'file1@', 'file0b@', ...(FLAG_WORDS.mmap ?? [])];
  if (op === 'touch') return ['read', 'write'];
  if (op === 'uffd_wp') return ['on', 'off'];
  if (op === 'uffd_register') return ['wp', 'missing', 'wp+missing', ...(FLAG_WORDS.uffd_register ?? [])];
  return FLAG_WORDS[op] ?? [];
}
