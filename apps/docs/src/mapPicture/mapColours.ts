/** Colours by what they mean: the variables of the page's style. */
const VARIABLES = {
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
} as const;

export type ColourName = keyof typeof VARIABLES;

/** A colour for each name. */
export type MapColours = Readonly<Record<ColourName, string>>;

/** The colours of the page as it is: light or dark. */
export function readMapColours(element: Element): MapColours {
  const style = getComputedStyle(element);
  return Object.fromEntries(
    Object.entries(VARIABLES).map(([name, variable]) => [name, style.getPropertyValue(variable).trim()]),
  ) as MapColours;
}
