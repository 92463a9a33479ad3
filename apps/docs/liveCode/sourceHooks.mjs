// @ts-check
// Hooks of Node's module loader: the site's own components run in Node as they are written.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** What components ask of the site around them, as it is while pages are rendered without a browser. */
const SITE = new Map([
  ['@docusaurus/ExecutionEnvironment', 'export default { canUseDOM: false }'],
  ['@docusaurus/useIsBrowser', 'export default () => false'],
  [
    '@generated/kernels/default/kernels.json',
    "import { KERNEL_PROFILES } from 'vma-core'; export default KERNEL_PROFILES",
  ],
  ['@docusaurus/useBaseUrl', 'export default (path) => path'],
  [
    '@docusaurus/Link',
    "import { createElement } from 'react'; export default ({ to, children }) => createElement('a', { href: to }, children)",
  ],
]);

/** Resolves from here what a module without a place of its own asks for. */
const HERE = import.meta.url;

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  const site = SITE.get(specifier);
  if (site !== undefined) return { url: `data:text/javascript,${encodeURIComponent(site)}`, shortCircuit: true };
  const from = context.parentURL?.startsWith('data:') ? { parentURL: HERE } : {};
  return next(specifier, { ...context, ...from });
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !/\.tsx?$/.test(url)) return next(url, context);
  const fileName = fileURLToPath(url);
  const { outputText } = ts.transpileModule(await readFile(fileName, 'utf8'), {
    fileName,
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      jsx: ts.JsxEmit.ReactJSX,
      verbatimModuleSyntax: true,
    },
  });
  return { format: 'module', source: outputText, shortCircuit: true };
}
