// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Converter, ReflectionKind } from 'typedoc';
import { MarkdownPageEvent } from 'typedoc-plugin-markdown';
import { API_MODULES } from './apiModules.mjs';

/** @import { MarkdownApplication } from 'typedoc-plugin-markdown' */

/**
 * A plugin of typedoc: each package's page has the package's name, begins with what it is and the runnable example in `apiExamples/`; the page that
 * lists the packages says what each is.
 * @param {MarkdownApplication} app
 */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const module of context.project.getReflectionsByKind(ReflectionKind.Module)) {
      const entry = API_MODULES.find(({ file }) => pathOf(file) === module.name);
      if (entry === undefined) throw new Error(`the reference has no entry ${module.name}`);
      module.name = entry.name;
    }
  });
  app.renderer.on(MarkdownPageEvent.END, (page) => {
    if (!page.contents) return;
    if (page.model.kind === ReflectionKind.Project)
      page.contents = page.contents.replace(
        /^- (\[([\w-]+)\].*)$/gm,
        (_, link, name) => `- ${link}: ${descriptionOf(name)}`,
      );
    if (page.model.kind !== ReflectionKind.Module) return;
    const file = fileURLToPath(new URL(`../apiExamples/${page.model.name}.md`, import.meta.url));
    if (!existsSync(file)) throw new Error(`no example begins the page of ${page.model.name}: ${file}`);
    const example = readFileSync(file, 'utf8').trim();
    page.contents = page.contents
      // The site knows an anchor that is a heading's own; one beside it would be a broken link.
      .replace(/<a id="([^"]+)"><\/a>\n\n(#+ .*)/g, '$2 {/* #$1 */}')
      .replace(
        /^# .*$/m,
        () => `# ${entryOf(page.model.name).from}\n\n${descriptionOf(page.model.name)}\n\n${example}`,
      );
  });
}

/**
 * The name that typedoc gives a module: its path, without `index.ts` or the ending.
 * @param {string} file
 */
function pathOf(file) {
  return file.replace(/(?:\/index)?\.ts$/, '');
}

/** @param {string} name */
function entryOf(name) {
  const entry = API_MODULES.find((one) => one.name === name);
  if (entry === undefined) throw new Error(`the reference has no entry ${name}`);
  return entry;
}

/**
 * What an entry is, by default what its package says of itself.
 * @param {string} name
 * @returns {string}
 */
function descriptionOf(name) {
  const { from, says } = entryOf(name);
  if (says !== undefined) return says;
  const file = new URL(`../../../packages/${from}/package.json`, import.meta.url);
  const { description } = /** @type {{ description: string }} */ (JSON.parse(readFileSync(file, 'utf8')));
  return description;
}
