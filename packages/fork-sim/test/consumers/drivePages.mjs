// Serves folders and opens a page of each in a browser: `node drivePages.mjs FOLDER PATH FOLDER PATH...`. Prints, as JSON, what each
// page put into its <output>, and what went wrong.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright';
import { findChromium } from '../../../../scripts/find-chromium.mjs';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.map': 'application/json' };

/** @param {string} folder @returns {Promise<{ url: string, close: () => void }>} */
function serve(folder) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    if (path.includes('..') || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() });
    });
  });
}

const browser = await chromium.launch({ ...(await findChromium()), headless: true });
const results = [];
try {
  for (let at = 2; at < process.argv.length; at += 2) {
    const [folder, path] = process.argv.slice(at, at + 2);
    const server = await serve(folder);
    const page = await browser.newPage();
    const faults = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on(
      'response',
      (response) => response.status() >= 400 && faults.push(`${response.status()} ${response.url()}`),
    );
    await page.goto(new URL(path, server.url).href);
    const filled = page.waitForFunction(() => document.querySelector('output')?.textContent, null, {
      timeout: 120_000,
    });
    const text = await filled.then((handle) => handle.jsonValue()).catch((error) => void faults.push(String(error)));
    results.push({ result: text === undefined ? null : JSON.parse(text), faults });
    await page.close();
    server.close();
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(results));
