import type { PrismTheme } from 'prism-react-renderer';

/**
 * The theme of code blocks, light and dark: the colours are those of `codeColours.css`, so that a block in the HTML of a page is
 * right in both before any script runs.
 */
export const codeTheme: PrismTheme = {
  plain: { color: 'var(--code-plain)', backgroundColor: 'var(--code-ground)' },
  styles: [
    { types: ['comment', 'prolog'], style: { color: 'var(--code-quiet)', fontStyle: 'italic' } },
    { types: ['keyword', 'builtin', 'important', 'boolean'], style: { color: 'var(--code-keyword)' } },
    { types: ['string', 'char', 'attr-value', 'inserted'], style: { color: 'var(--code-string)' } },
    { types: ['number', 'constant', 'deleted'], style: { color: 'var(--code-number)' } },
    { types: ['function', 'class-name', 'tag', 'selector'], style: { color: 'var(--code-name)' } },
    { types: ['attr-name', 'property', 'variable'], style: { color: 'var(--code-attribute)' } },
  ],
};
