import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';

/**
 * How the parts of pages look: where they begin beside what they stand in, their spaces, letters and colours. No text and no place that
 * depends on text, so that a new sentence changes nothing and a part that moved, or has another colour, is seen. By the form of the page,
 * such as `360 light`, and the part, a selector.
 */
type Looks = Record<string, Record<string, string[]>>;

const KEPT = fileURLToPath(new URL('kept.json', import.meta.url));
const kept = JSON.parse(readFileSync(KEPT, 'utf8')) as Looks;
/** `LOOKS=write`: what is seen is kept, in the place of what was. */
const seen: Looks | null = process.env.LOOKS === 'write' ? {} : null;

/** The parts that are looked at. */
const PARTS = [
  'body',
  '.navbar',
  '.navbar__brand',
  'main h1',
  '.markdown > p',
  '.markdown > ul',
  '.player',
  '.stage-picture',
  '.strip',
  '.figure',
  '.cell',
  '.chip',
  '.door',
  '.site-footer-inner',
];

/** Looks of a page that are not kept; with `LOOKS=write`, none. */
export async function newLooks(page: Page, form: string): Promise<string[]> {
  const looks = await looksOf(page);
  if (seen !== null) {
    for (const [part, all] of Object.entries(looks)) {
      const known = seen[form] ?? {};
      seen[form] = known;
      known[part] = [...new Set([...(known[part] ?? []), ...all])].sort();
    }
    return [];
  }
  return Object.entries(looks).flatMap(([part, all]) =>
    all.filter((look) => !kept[form]?.[part]?.includes(look)).map((look) => `${form}: ${part}: ${look}`),
  );
}

/** Keeps what was seen, where that was asked for; to be called when all pages were seen. */
export function keepLooks(): void {
  if (seen !== null) writeFileSync(KEPT, `${JSON.stringify(seen, null, 1)}\n`);
}

/** How the parts of a page look now. */
export function looksOf(page: Page): Promise<Record<string, string[]>> {
  return page.evaluate((parts) => {
    // Colours that are on their way are those that they come to.
    for (const motion of document.getAnimations()) if (motion instanceof CSSTransition) motion.finish();
    const lookOf = (part: Element): string => {
      const style = getComputedStyle(part);
      const { left } = part.getBoundingClientRect();
      const around = part.parentElement;
      // Where a part begins says something of the page only where no text and no picture decides it.
      const stands =
        around !== null && getComputedStyle(around).display === 'block' && /^(static|relative)$/.test(style.position);
      const isBlock = stands && style.display !== 'inline' && !style.display.startsWith('inline-');
      const inset = isBlock ? Math.round(left - around.getBoundingClientRect().left) : 'as it comes';
      return [
        `inset ${inset}`,
        `${style.fontSize}/${style.lineHeight} ${style.fontWeight} ${style.fontFamily.split(',')[0]}`,
        `${style.color} on ${style.backgroundColor}`,
        `border ${style.borderTopWidth} ${style.borderTopStyle} ${style.borderTopColor} ${style.borderTopLeftRadius}`,
        `padding ${style.padding}`,
        `space ${style.marginTop} ${style.marginBottom}`,
      ].join('; ');
    };
    return Object.fromEntries(
      parts.map((part) => {
        const shown = [...document.querySelectorAll(part)].filter((one) => one.checkVisibility());
        return [part, [...new Set(shown.map(lookOf))].sort()];
      }),
    );
  }, PARTS);
}
