import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { diff } from '@blazediff/core';
import type { Page } from 'playwright';
import { PNG } from 'pngjs';

/**
 * How pages look: a picture of the first part of each, four times smaller. Letters are grey there, so that another browser or another machine
 * draws the same; a part that moved, has another colour or is missing is seen. `npm run looks -w docs` takes them anew.
 */
const KEPT = fileURLToPath(new URL('kept/', import.meta.url));
/** Where a page that looks otherwise leaves its picture, and what differs in it. */
const NEW = fileURLToPath(new URL('../../../../node_modules/.cache/looks/', import.meta.url));
/** `LOOKS=write`: what is seen is kept, in the place of what was. */
const writes = process.env.LOOKS === 'write';

/** Of the page's size. */
const SCALE = 0.25;
/** Pixels of the page, from its top: below, the same parts come again. */
const TALLEST = 2000;
/** A point differs from this distance of colours on, of 1. */
const THRESHOLD = 0.05;
/** So many points may differ. Between Chromium 133 and 143, with other fonts on the machine, it is at most 10; a chip of another colour is 49. */
const TOLERANCE = 24;

/** What is new in the look of a page: nothing, or a sentence; with `LOOKS=write`, nothing. `form`: such as `wide light`. */
export async function newLook(page: Page, path: string, form: string): Promise<string> {
  const name = `${path === '/' ? 'home' : path.slice(1).replaceAll('/', '-')}.${form.replace(' ', '-')}.png`;
  const kept = KEPT + name;
  if (writes) {
    mkdirSync(KEPT, { recursive: true });
    writeFileSync(kept, await settled(page));
    return '';
  }
  if (!existsSync(kept)) return `${name} is not kept`;
  const seen = await pictureOf(page);
  const { points, picture } = differing(readFileSync(kept), seen);
  if (points <= TOLERANCE) return '';
  mkdirSync(NEW, { recursive: true });
  writeFileSync(`${NEW}${name}`, seen);
  if (picture) writeFileSync(`${NEW}${name.replace('.png', '.differs.png')}`, PNG.sync.write(picture));
  return `${points} points of ${name} differ: see ${NEW}`;
}

/** Whether two pictures of a page are not the same to a reader. */
export function looksOther(one: Buffer, other: Buffer): boolean {
  return differing(one, other).points > TOLERANCE;
}

/** How many points of two pictures differ, and which; all of them where the sizes do. */
function differing(one: Buffer, other: Buffer): { points: number; picture?: PNG } {
  // The same browser draws the same bytes.
  if (one.equals(other)) return { points: 0 };
  const [a, b] = [PNG.sync.read(one), PNG.sync.read(other)];
  const { width, height } = a;
  if (width !== b.width || height !== b.height) return { points: Math.max(width * height, b.width * b.height) };
  const out = new PNG({ width, height });
  const points = diff(a.data, b.data, out.data, width, height, { threshold: THRESHOLD, includeAA: true });
  return { points, picture: out };
}

/** A picture that is the same twice: nothing on the page is on its way. */
async function settled(page: Page): Promise<Buffer> {
  for (let last = await pictureOf(page); ; ) {
    const next = await pictureOf(page);
    if (next.equals(last)) return next;
    last = next;
  }
}

/** The first part of a page as it looks now, without its foot, which has a date. */
export async function pictureOf(page: Page): Promise<Buffer> {
  const { width, height } = await page.evaluate(async (tallest) => {
    // What is on its way is where it comes to.
    for (const motion of document.getAnimations()) if (motion instanceof CSSTransition) motion.finish();
    await document.fonts.ready;
    const foot = document.querySelector('footer')?.getBoundingClientRect().top ?? tallest;
    return { width: document.documentElement.clientWidth, height: Math.min(tallest, Math.floor(foot + scrollY)) };
  }, TALLEST);
  const browser = await page.context().newCDPSession(page);
  const clip = { x: 0, y: 0, width, height, scale: SCALE };
  const { data } = await browser.send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true, clip });
  await browser.detach();
  return Buffer.from(data, 'base64');
}
