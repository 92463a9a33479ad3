import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { tags } from '@lezer/highlight';
import { LITMUS_TOKENS, type LitmusTokenKind } from 'fork-sim';
import { CALL_HELP } from './callHelp.ts';

const CALLS: ReadonlySet<string> = new Set(CALL_HELP.map(({ name }) => name));

/** The classes that the theme colours, by the kinds of words of a litmus file. */
const CLASSES: Readonly<Record<LitmusTokenKind, string | null>> = {
  comment: 'comment',
  header: 'meta',
  kernels: 'meta',
  process: 'meta',
  when: 'keyword',
  operation: 'keyword',
  claim: 'propertyName',
  arrow: null,
  result: 'propertyName',
  number: 'number',
  word: 'atom',
};

const TOKENS = LITMUS_TOKENS.map(({ kind, pattern, first = false }) => ({
  kind,
  first,
  form: new RegExp(`^(?:${pattern})`),
}));

const lines = StreamLanguage.define<null>({
  token(stream) {
    const first = stream.sol();
    if (stream.eatSpace()) return null;
    for (const token of TOKENS) {
      if ((token.first && !first) || !stream.match(token.form)) continue;
      if (token.kind === 'header') stream.skipToEnd();
      return CALLS.has(stream.current()) ? 'keyword' : CLASSES[token.kind];
    }
    stream.next();
    return null;
  },
});

/** Colours of the site, so that both themes are readable. */
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--ifm-color-primary)', fontWeight: '700' },
  { tag: tags.number, color: 'var(--lab-ok)' },
  { tag: tags.comment, color: 'var(--lab-quiet)', fontStyle: 'italic' },
  { tag: tags.atom, color: 'var(--lab-sticky)' },
  { tag: tags.meta, color: 'var(--lab-quiet)' },
  { tag: tags.propertyName, color: 'var(--lab-ok)', fontWeight: '700' },
]);

/** Colours for litmus lines and system calls. */
export const language: Extension = [lines, syntaxHighlighting(colours)];
