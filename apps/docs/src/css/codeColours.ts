import type { PrismTheme } from 'prism-react-renderer';

interface Colours {
  readonly ground: string;
  readonly plain: string;
  readonly quiet: string;
  readonly keyword: string;
  readonly string: string;
  readonly number: string;
  readonly name: string;
  readonly attribute: string;
}

/** A theme of code blocks; every colour has a contrast of 4.5:1 or more on its ground. */
function codeTheme(colours: Colours): PrismTheme {
  return {
    plain: { color: colours.plain, backgroundColor: colours.ground },
    styles: [
      { types: ['comment', 'prolog'], style: { color: colours.quiet, fontStyle: 'italic' } },
      { types: ['keyword', 'builtin', 'important', 'boolean'], style: { color: colours.keyword } },
      { types: ['string', 'char', 'attr-value', 'inserted'], style: { color: colours.string } },
      { types: ['number', 'constant', 'deleted'], style: { color: colours.number } },
      { types: ['function', 'class-name', 'tag', 'selector'], style: { color: colours.name } },
      { types: ['attr-name', 'property', 'variable'], style: { color: colours.attribute } },
    ],
  };
}

export const lightCode: PrismTheme = codeTheme({
  ground: '#f6f8fa',
  plain: '#1f2328',
  quiet: '#57606a',
  keyword: '#7a2e8e',
  string: '#00664a',
  number: '#8a4200',
  name: '#005f95',
  attribute: '#8a3b6b',
});

export const darkCode: PrismTheme = codeTheme({
  ground: '#1b2128',
  plain: '#e6ebf0',
  quiet: '#a4afba',
  keyword: '#d9a3ea',
  string: '#57d6ab',
  number: '#ffab73',
  name: '#6cbcf0',
  attribute: '#f0a8d0',
});
