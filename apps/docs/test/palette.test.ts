import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ColourName, PALETTE } from 'fork-sim/picture';
import { describe, expect, it } from 'vitest';
import { COLOUR_VARIABLES } from '../src/mapPicture/mapColours.ts';

const css = readFileSync(fileURLToPath(new URL('../src/css/custom.css', import.meta.url)), 'utf8');

/** The colour of a variable in a theme of the site; short forms written out. */
function colourIn(theme: 'light' | 'dark', variable: string): string | undefined {
  const block = css.slice(css.indexOf(theme === 'light' ? ':root' : '[data-theme="dark"]'));
  const value = new RegExp(`\\s${variable}: (#[0-9a-f]+);`).exec(block.slice(0, block.indexOf('}')))?.[1];
  return value?.length === 4 ? value.replace(/[0-9a-f]/g, '$&$&') : value;
}

describe('the colours of pictures', () => {
  it.each(['light', 'dark'] as const)('are those of the site where it is %s', (theme) => {
    const names = Object.keys(COLOUR_VARIABLES) as ColourName[];
    const ofSite = Object.fromEntries(names.map((name) => [name, colourIn(theme, COLOUR_VARIABLES[name])]));
    expect(ofSite).toEqual(PALETTE[theme]);
  });
});
