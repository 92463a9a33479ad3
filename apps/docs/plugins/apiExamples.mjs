// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Converter, ReflectionKind } from 'typedoc';
import { MarkdownPageEvent } from 'typedoc-plugin-markdown';

/** @import { MarkdownApplication } from 'typedoc-plugin-markdown' */

/**
 * A plugin of typedoc: each package's page has the package's name, begins with what it is and the runnable example in `apiExamples/`; the page that
 * lists the packages says what each is.
 * @param {MarkdownApplication} app
 */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const module of context.project.getReflectionsByKind(ReflectionKind.Module))
      module.name = module.name.replace(/\/src$/, '');
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
      .replace(/^# .*$/m, (title) => `${title}\n\n${descriptionOf(page.model.name)}\n\n${example}`);
  });
}

/**
 * What a package says of itself.
 * @param {string} name
 * @returns {string}
 */
function descriptionOf(name) {
  const file = new URL(`../../../packages/${name}/package.json`, import.meta.url);
  const { description } = /** @type {{ description: string }} */ (JSON.parse(readFileSync(file, 'utf8')));
  return description;
}
