import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { tags } from '@lezer/highlight';
import { OP_HELP } from 'fork-sim';
import { CALL_HELP } from './callHelp.ts';

const HEADS: ReadonlySet<string> = new Set([...OP_HELP.keys(), ...CALL_HELP.map(({ name }) => name)]);

const lines = StreamLanguage.define<null>({
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^#.*/)) return 'comment';
    if (stream.match(/^0x[0-9a-f]+/) || stream.match(/^\d+(\+\d+)?/)) return 'number';
    if (stream.match(/^[a-z_0-9]+/i)) return HEADS.has(stream.current()) ? 'keyword' : 'atom';
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
]);

/** Colours for scenario lines and system calls. */
export const language: Extension = [lines, syntaxHighlighting(colours)];
