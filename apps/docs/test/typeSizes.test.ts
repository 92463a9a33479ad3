import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const css = new URL('../src/css/', import.meta.url);

it('the site has five sizes of type, those of tokens.css', () => {
  const tokens = readFileSync(new URL('tokens.css', css), 'utf8');
  expect([...tokens.matchAll(/--type-\w+: ([\d.]+)rem/g)].map(([, rem]) => Number(rem) * 16)).toEqual([
    13, 15, 17, 22, 34,
  ]);
  const others = readdirSync(css)
    .filter((file) => file.endsWith('.css'))
    .flatMap((file) => {
      const text = readFileSync(new URL(file, css), 'utf8');
      const sizes = [...text.matchAll(/^\s*font(?:-size)?: ([^;]*);/gm)].map(([, value = '']) => value);
      // Code in a sentence is as large as the sentence lets it be.
      const known = /^(?:inherit|0\.9\d*em|(?:\d{3} )?var\(--type-(?:small|label|text|heading|title)\).*)$/;
      return sizes.filter((value) => !known.test(value)).map((value) => `${file}: ${value}`);
    });
  expect(others).toEqual([]);
});
