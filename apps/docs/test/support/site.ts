import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { findChromium } from '../../../../scripts/find-chromium.mjs';

const build = fileURLToPath(new URL('../../build', import.meta.url));
const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core')), 'utf8');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** The size of a window where none is asked for, which is Playwright's own. */
const USUAL_SIZE = { width: 1280, height: 720 };

/** How a page is opened. */
export interface OpenOptions extends Pick<BrowserContextOptions, 'javaScriptEnabled' | 'viewport'> {
  /** The page's scripts are held back until this is settled; what comes back is a page that has none of them. */
  readonly scripts?: Promise<void>;
}

/** A page, and what went wrong in it. */
export interface Opened {
  readonly page: Page;
  readonly faults: string[];
}

/** The built site in a real browser. */
export interface Site {
  /** Where it is served, with the path that it was built for; without a slash at the end. */
  readonly base: string;
  readonly browser: Browser;
  /** The HTML of a page, as a browser without JavaScript gets it. */
  html(path: string): Promise<string>;
  /** Opens a page in a window of its own; everything that goes wrong in it is collected. */
  open(path: string, options?: OpenOptions): Promise<Opened>;
  /**
   * Loads a page anew in the window that all tests of a file share, which is not closed: in half of the time. The
   * faults are those since then.
   */
  visit(path: string, options?: OpenOptions): Promise<Opened>;
  close(): Promise<void>;
}

async function found(path: string): Promise<{ file: string; bytes: Buffer } | null> {
  const plain = normalize(path);
  for (const file of [plain, `${plain}.html`, join(plain, 'index.html')]) {
    try {
      return { file, bytes: await readFile(join(build, file)) };
    } catch {
      // The next form of the name.
    }
  }
  return null;
}

/** The path under which the site was built to be served: `/lab`, or nothing. */
function builtUnder(index: string): string {
  const match = /href="?([^" >]*?)\/assets\/css\//.exec(index);
  if (!match) throw new Error('the front page has no style sheet');
  return match[1] ?? '';
}

/** Milliseconds that a page is waited for: a machine that is many times slower, and has other work, fails no test. */
const PATIENCE = 120_000;

/** Serves `build/`, under the path that it was built for and no other, and starts the browser. */
export async function openSite(): Promise<Site> {
  const index = await found('/index.html');
  if (index === null) throw new Error('the site is not built: npm run docs:build');
  const under = builtUnder(index.bytes.toString('utf8'));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const inside = pathname.startsWith(`${under}/`) || pathname === under;
    found(inside ? decodeURIComponent(pathname.slice(under.length)) || '/' : '/no such file').then(
      (hit) => {
        response.writeHead(hit ? 200 : 404, {
          'content-type': TYPES[extname(hit?.file ?? '')] ?? 'text/plain',
          'cache-control': 'max-age=600',
        });
        response.end(hit?.bytes ?? 'not found');
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}${under}`;
  const browser = await chromium.launch(await findChromium());
  // Pages share a cache, so that what they have in common is loaded once.
  const contexts = new Map<boolean, Promise<BrowserContext>>();
  /** The window of `visit`, with scripts and without. */
  const windows = new Map<boolean, Opened>();

  async function newWindow(scripts: boolean): Promise<Opened> {
    const context =
      contexts.get(scripts) ?? browser.newContext(scripts ? { reducedMotion: 'reduce' } : { javaScriptEnabled: false });
    contexts.set(scripts, context);
    const page = await (await context).newPage();
    page.setDefaultTimeout(PATIENCE);
    // What a visit before left in the browser is not seen by the next.
    await page.addInitScript(forgetAll);
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        faults.push(`${message.type()}: ${message.text()}`);
    });
    page.on('requestfailed', (request) => {
      // What a page was still fetching ahead when it was left is no fault.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') faults.push(`not loaded: ${request.url()}`);
    });
    return { page, faults };
  }

  async function load(page: Page, path: string, { viewport, javaScriptEnabled, scripts }: OpenOptions): Promise<void> {
    if (viewport) await page.setViewportSize(viewport);
    if (scripts) {
      await page.route('**/*.js', async (route) => {
        await scripts;
        await route.continue();
      });
      await page.goto(base + path, { waitUntil: 'commit' });
      await page.locator('main').waitFor();
      return;
    }
    await page.goto(base + path, { waitUntil: 'load' });
    if (javaScriptEnabled !== false) await hydrated(page);
  }

  return {
    base,
    browser,
    html: async (path) => (await (await fetch(base + path)).text()).toString(),
    async open(path, options = {}) {
      const opened = await newWindow(options.javaScriptEnabled !== false);
      await load(opened.page, path, options);
      return opened;
    },
    async visit(path, options = {}) {
      const scripts = options.javaScriptEnabled !== false;
      const opened = windows.get(scripts) ?? (await newWindow(scripts));
      windows.set(scripts, opened);
      const { page, faults } = opened;
      // Without this a path that differs in its fragment alone is not loaded.
      await page.goto('about:blank');
      await page.setViewportSize(options.viewport ?? USUAL_SIZE);
      await page.emulateMedia({ colorScheme: null });
      faults.length = 0;
      await load(page, path, options);
      return opened;
    },
    async close() {
      await browser.close();
      await new Promise((done) => server.close(done));
    },
  };
}

/** What axe-core finds wrong with a page: rule and the first elements. With `rules`, only those. */
export async function axeFaults(page: Page, rules: readonly string[] = []): Promise<string[]> {
  // Not as a script of the page, which its content security policy would not run.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  const results = await page.evaluate(
    async (only) => {
      const { axe } = window as unknown as { axe: { run(context: Document, options: object): Promise<AxeResults> } };
      const options = only.length > 0 ? { runOnly: only } : {};
      return axe.run(document, { resultTypes: ['violations'], ...options });
    },
    [...rules],
  );
  return results.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ''}`)
        .join(' | ')}`,
  );
}

/** Runs in a page before its scripts. One without an origin, as `about:blank`, has no storage. */
function forgetAll(): void {
  try {
    localStorage.clear();
  } catch {
    // It has none.
  }
}

/** Waits until all of the page answers, not only shows. */
export async function hydrated(page: Page): Promise<void> {
  await page.locator('html[data-has-hydrated="true"]').waitFor({ state: 'attached' });
  await page.locator('.interactive:disabled').first().waitFor({ state: 'detached' });
}

/** Pixels by which a page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
