import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { findChromium } from './scripts/find-chromium.mjs';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const conditions = ['my-source'];
/** Files of tests in a browser that run at a time: while one waits for its browser, another may go on. */
const PAGES_AT_ONCE = availableParallelism() + 1;

/**
 * Tests that run in Node, against the sources (never against dist). Roots are absolute: relative ones depend on the cwd.
 * The files of a project share the modules of a worker, but for those in a folder `alone`, which replace a module or the clock.
 */
function nodeProject(
  name: string,
  path: string,
  groupOrder = 0,
  more: TestProjectInlineConfiguration['test'] = {},
): TestProjectInlineConfiguration {
  return project(name, path, {
    ...more,
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.browser.test.ts', 'test/alone/**'],
    isolate: false,
    sequence: { groupOrder },
  });
}

function project(
  name: string,
  path: string,
  test: TestProjectInlineConfiguration['test'],
): TestProjectInlineConfiguration {
  return {
    extends: true,
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: { name, root: at(path), setupFiles: [at('./scripts/testSetup.ts')], ...test },
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
      nodeProject('vma-core', './packages/vma-core'),
      nodeProject('pt-model', './packages/pt-model'),
      nodeProject('proc-io', './packages/proc-io'),
      nodeProject('fork-sim', './packages/fork-sim'),
      project('alone', './packages/fork-sim', { include: ['test/alone/**/*.test.ts'] }),
      nodeProject('vma-check', './packages/vma-check'),
      nodeProject('vma-lab', './packages/vma-lab'),
      nodeProject('bench', './bench'),
      nodeProject('conformance', './conformance'),
      // Pages that are clicked come last, so that nothing but other pages takes the processors.
      nodeProject('docs', './apps/docs', 1, { maxWorkers: PAGES_AT_ONCE }),
      nodeProject('scripts', './scripts'),
      await browserProject(),
    ],
  },
});
