import { type ColourName, type MapColours, PALETTE } from 'fork-sim/picture';

/** The variables of the page's style that hold the colours of the palette. */
export const COLOUR_VARIABLES = {
  anonymous: '--lab-anon',
  file: '--lab-private',
  shared: '--lab-shared',
  special: '--lab-special',
  anonymousFill: '--lab-anon-fill',
  fileFill: '--lab-private-fill',
  sharedFill: '--lab-shared-fill',
  specialFill: '--lab-special-fill',
  anonymousSoft: '--lab-anon-soft',
  fileSoft: '--lab-private-soft',
  sharedSoft: '--lab-shared-soft',
  specialSoft: '--lab-special-soft',
  anonymousText: '--lab-anon-text',
  fileText: '--lab-private-text',
  sharedText: '--lab-shared-text',
  softText: '--lab-soft-text',
  text: '--lab-wall',
  quiet: '--lab-quiet',
  line: '--lab-line',
  ground: '--lab-ground',
  panel: '--lab-panel',
  raised: '--lab-raised',
  link: '--lab-link',
  guard: '--lab-guard',
  guardSoft: '--lab-guard-soft',
  mark: '--lab-sticky',
  markSoft: '--lab-sticky-soft',
  ok: '--lab-ok',
  error: '--lab-error',
} as const satisfies Readonly<Record<ColourName, string>>;

/** The palette as a style sheet, light and dark. */
export function paletteCss(): string {
  const block = (colours: MapColours): string =>
    Object.entries(COLOUR_VARIABLES)
      .map(([name, variable]) => `${variable}:${colours[name as ColourName]}`)
      .join(';');
  return `:root{${block(PALETTE.light)}}[data-theme="dark"]{${block(PALETTE.dark)}}`;
}

/** The colours of the page as it is: light or dark. */
export function readMapColours(element: Element): MapColours {
  const style = getComputedStyle(element);
  return Object.fromEntries(
    Object.entries(COLOUR_VARIABLES).map(([name, variable]) => [name, style.getPropertyValue(variable).trim()]),
  ) as MapColours;
}
