// @ts-check
import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const site = fileURLToPath(new URL('..', import.meta.url));

/**
 * Every page that people write, and the examples that begin the pages of the API reference.
 * @param {readonly string[]} folders of the site, or anywhere
 * @returns {{ file: string, path: string }[]} `file` is relative to the site
 */
export function pagesWithCode(folders = ['docs', 'apiExamples']) {
  return folders.flatMap((folder) =>
    readdirSync(resolve(site, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.mdx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !relative(site, path).startsWith(join('docs', 'api')))
      .sort()
      .map((path) => ({ file: relative(site, path), path })),
  );
}
