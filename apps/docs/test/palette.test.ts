import { type ColourName, type MapColours, PALETTE } from 'fork-sim/picture';
import { describe, expect, it } from 'vitest';
import { COLOUR_VARIABLES, paletteCss } from '../src/mapPicture/mapColours.ts';

/** Relative luminance, as WCAG 2 defines it. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS = ['ground', 'panel', 'raised'] as const;
const FILLS = ['anonymousFill', 'fileFill', 'sharedFill', 'anonymousSoft', 'fileSoft', 'sharedSoft'] as const;

/** What is written on what. */
const TEXTS: readonly (readonly [text: ColourName, grounds: readonly ColourName[]])[] = [
  ['text', [...GROUNDS, ...FILLS, 'guardSoft']],
  ['quiet', GROUNDS],
  ['link', GROUNDS],
  ['ok', GROUNDS],
  ['error', GROUNDS],
  ['softText', FILLS],
  ['anonymousText', ['anonymous']],
  ['fileText', ['file']],
  ['sharedText', ['shared']],
  ['mark', ['markSoft']],
];

describe.each(['light', 'dark'] as const)('the %s palette', (theme) => {
  const colours: MapColours = PALETTE[theme];

  it('has a contrast of 4.5:1 or more for all text', () => {
    const faint = TEXTS.flatMap(([text, grounds]) =>
      grounds.flatMap((ground) => {
        const ratio = contrast(colours[text], colours[ground]);
        return ratio < 4.5 ? [`${text} on ${ground}: ${ratio.toFixed(2)}`] : [];
      }),
    );
    expect(faint).toEqual([]);
  });

  it('has a contrast of 3:1 or more for what is drawn in a hue', () => {
    const faint = (['anonymous', 'file', 'shared', 'special', 'guard', 'mark'] as const).filter(
      (hue) => contrast(colours[hue], colours.ground) < 3,
    );
    expect(faint).toEqual([]);
  });

  it('is the one that the site has', () => {
    const block = paletteCss().split('[data-theme="dark"]')[theme === 'light' ? 0 : 1];
    for (const [name, variable] of Object.entries(COLOUR_VARIABLES)) {
      expect(block).toContain(`${variable}:${colours[name as ColourName]}`);
    }
  });
});
