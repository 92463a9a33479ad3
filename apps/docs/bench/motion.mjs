// @ts-check
// How smoothly 65,000 VMAs move: pans and zooms the map of a file, a key a frame, and prints the times between the frames that the browser
// drew. It asserts nothing. Serve the built site first (`npx docusaurus serve --no-open` in apps/docs), then
// `npm run bench:motion -w docs -- http://localhost:3000`.
import { chromium } from 'playwright';
import { findChromium } from '../../../scripts/find-chromium.mjs';

const VMAS = 65_000;
const FRAMES = 300;

/** A maps file, in which a hole follows each VMA. */
function mapsFile() {
  const line = (/** @type {number} */ i) => {
    const start = 0x10_0000_0000 + i * 0x3000;
    return `${start.toString(16)}-${(start + 0x2000).toString(16)} rw-p 00000000 00:00 0\n`;
  };
  return Array.from({ length: VMAS }, (_, i) => line(i)).join('');
}

const browser = await chromium.launch(await findChromium());
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${process.argv[2] ?? 'http://localhost:3000'}/playground`);
  await page.locator('html[data-has-hydrated="true"]').waitFor({ state: 'attached' });
  const file = { name: 'many.maps', mimeType: 'text/plain', buffer: Buffer.from(mapsFile()) };
  await page.locator('.file-button input').setInputFiles(file);
  await page.locator('.bigmap > canvas').first().waitFor();
  const times = await page.evaluate(async (frames) => {
    const map = document.querySelector('.bigmap > canvas');
    const drawn = [performance.now()];
    for (let frame = 0; frame < frames; frame++) {
      const key = frame < 20 ? '+' : frame % 60 < 40 ? 'ArrowRight' : 'ArrowLeft';
      map?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      drawn.push(await new Promise((done) => requestAnimationFrame(done)));
    }
    return drawn.slice(2).map((time, i) => time - (drawn[i + 1] ?? 0));
  }, FRAMES);
  const sorted = [...times].sort((a, b) => a - b);
  const at = (/** @type {number} */ part) => (sorted[Math.floor(part * (sorted.length - 1))] ?? 0).toFixed(1);
  const late = times.filter((time) => time > 1000 / 60 + 8).length;
  console.log(
    `${VMAS.toLocaleString('en')} VMAs, ${times.length} frames: median ${at(0.5)} ms, 95 % under ${at(0.95)} ms, longest ${at(1)} ms`,
  );
  console.log(`${late} frames came late (a frame is 16.7 ms at 60 a second)`);
} finally {
  await browser.close();
}
