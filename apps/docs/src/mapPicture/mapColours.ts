import type { ColourName, MapColours } from 'fork-sim/picture';

/** The variables of the page's style that hold the colours of pictures. */
export const COLOUR_VARIABLES = {
  anonymous: '--lab-anon',
  file: '--lab-private',
  shared: '--lab-shared',
  special: '--lab-quiet',
  anonymousSoft: '--lab-anon-soft',
  fileSoft: '--lab-private-soft',
  sharedSoft: '--lab-shared-soft',
  specialSoft: '--lab-line',
  anonymousText: '--lab-anon-text',
  fileText: '--lab-private-text',
  sharedText: '--lab-shared-text',
  softText: '--lab-soft-text',
  text: '--lab-wall',
  quiet: '--lab-quiet',
  line: '--lab-line',
  ground: '--lab-ground',
  guard: '--lab-guard',
  guardSoft: '--lab-guard-soft',
  mark: '--lab-sticky',
} as const satisfies Readonly<Record<ColourName, string>>;

/** The colours of the page as it is: light or dark. */
export function readMapColours(element: Element): MapColours {
  const style = getComputedStyle(element);
  return Object.fromEntries(
    Object.entries(COLOUR_VARIABLES).map(([name, variable]) => [name, style.getPropertyValue(variable).trim()]),
  ) as MapColours;
}
