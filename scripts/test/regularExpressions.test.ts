import { describe, expect, it } from 'vitest';
import { checkRegularExpressions, regexFaults } from '../regularExpressions.mjs';

describe('regular expressions', () => {
  it('of all that ships take time in proportion to the text', () => {
    expect(checkRegularExpressions()).toEqual([]);
  });

  it.each([
    ['two stars that take the same', 'const x = /^\\s*(.*)$/;', /quadratic/],
    ['a star that begins anywhere and needs the end', "text.replace(/ +$/, '');", /quadratic/],
    ['a star in a star', 'const x = /^(?:a+)+$/;', /exponential/],
    ['one made from a string', "new RegExp('^\\\\s*(.*)$', 'u');", /quadratic/],
  ])('%s is a fault, with its place', (_, code, says) => {
    expect(regexFaults('x.ts', `\n${code}`)).toMatchObject([{ line: 2, says: expect.stringMatching(says) }]);
  });

  it.each(['const x = /^\\s*(\\S.*)?$/;', 'const x = / {0,20}$/;', 'const half = a / b / c;'])('%s is none', (code) => {
    expect(regexFaults('x.ts', code)).toEqual([]);
  });
});
