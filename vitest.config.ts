import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { findChromium } from './scripts/find-chromium.mjs';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const conditions = ['my-source'];
/** Files of tests in a browser that run at a time: while one waits for its browser, another may go on. */
const PAGES_AT_ONCE = availableParallelism() + 1;

/** Tests that run in Node, against the sources (never against dist). Roots are absolute: relative ones depend on the cwd. */
function nodeProject(
  name: string,
  path: string,
  include: string,
  more: TestProjectInlineConfiguration['test'] = {},
): TestProjectInlineConfiguration {
  return {
    extends: true,
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: { name, root: at(path), include: [include], setupFiles: [at('./scripts/testSetup.ts')], ...more },
  };
}

/** Every `*.browser.test.ts`, in a real Chromium. Where none is found, Playwright looks for its own and says so. */
async function browserProject(): Promise<TestProjectInlineConfiguration> {
  const launchOptions = await findChromium().catch(() => ({}));
  return {
    extends: true,
    resolve: { conditions },
    test: {
      name: 'browser',
      root: at('.'),
      // Beside the pages of the site, of which one always waits for its browser.
      maxWorkers: PAGES_AT_ONCE,
      sequence: { groupOrder: 1 },
      include: ['{packages/*,conformance}/test/**/*.browser.test.ts'],
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        instances: [{ browser: 'chromium' }],
        provider: playwright({ launchOptions }),
      },
    },
  };
}

export default defineConfig({
  test: {
    // For what never ends: a machine that is many times slower, and has other work, fails no test.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    // By default one processor is left idle, which is half of a machine with two.
    maxWorkers: availableParallelism(),
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test-d.ts'],
      reporter: ['text', 'html'],
    },
    projects: [
      // One project: what its packages share is transformed once, and read once by each worker.
      nodeProject('node', '.', '{packages/*,bench,conformance,scripts}/test/**/*.test.ts', {
        exclude: ['**/node_modules/**', '**/*.browser.test.ts', '**/test/alone/**'],
        isolate: false,
      }),
      // These replace a module or the clock.
      nodeProject('alone', '.', 'packages/*/test/alone/**/*.test.ts'),
      // Pages that are clicked come last, so that nothing but other pages takes the processors.
      nodeProject('docs', './apps/docs', 'test/**/*.test.ts', {
        isolate: false,
        maxWorkers: PAGES_AT_ONCE,
        sequence: { groupOrder: 1 },
      }),
      await browserProject(),
    ],
  },
});
