/** What marks a part of a page that is only its HTML as yet: it shows, and does not answer. */
export const STILL = 'data-waits';

/** The part of the page around a still element: what is still within it wakes with it. */
export function stillAround(target: EventTarget | null): Element | null {
  let found: Element | null = null;
  for (let at = target instanceof Element ? target.closest(`[${STILL}]`) : null; at; ) {
    found = at;
    at = at.parentElement?.closest(`[${STILL}]`) ?? null;
  }
  return found;
}
