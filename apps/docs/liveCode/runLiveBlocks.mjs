// @ts-check
import { register } from 'node:module';

/** @import { LiveBlock } from './findLiveBlocks.mjs' */
/** @import { LiveProblem } from './checkLiveBlocks.mjs' */

/**
 * Runs live blocks as the build of a page does, with the very scope that the site gives them: what throws is a problem, and so is
 * a claim that does not hold.
 * @param {readonly LiveBlock[]} blocks whose types are right
 * @returns {Promise<LiveProblem[]>}
 */
export async function runLiveBlocks(blocks) {
  register('./sourceHooks.mjs', import.meta.url);
  // As pages are built: React is asked for only now.
  process.env.NODE_ENV = 'production';
  const { createElement, isValidElement } = await import('react');
  const { renderToString } = await import('react-dom/server');
  const { default: reactLive } = await import('react-live');
  const scopeFile = new URL('../src/theme/ReactLiveScope/index.tsx', import.meta.url).href;
  /** @type {{ default: Record<string, unknown> }} */
  const { default: scope } = await import(scopeFile);
  return blocks.flatMap((block) => {
    /** @type {unknown} */
    let problem = null;
    try {
      const code = `${block.code};`;
      const made = reactLive.generateElement({ code, scope: { ...scope }, enableTypeScript: true }, (error) => {
        throw error;
      });
      renderToString(isValidElement(made) ? made : createElement(made));
    } catch (error) {
      problem = error;
    }
    return problem === null ? [] : [problemOf(block, problem)];
  });
}

/**
 * @param {LiveBlock} block
 * @param {unknown} problem
 * @returns {LiveProblem}
 */
function problemOf({ file, line, code }, problem) {
  const { name, message } = problem instanceof Error ? problem : new Error(String(problem));
  // A claim is said where it stands; what else throws, at the first line of its block.
  const lines = code.split('\n');
  const at = name === 'BrokenClaimError' ? lines.findIndex((one) => one.includes('claim=')) : 0;
  const column = Math.max(0, lines[at]?.indexOf('claim=') ?? 0);
  return { file, line: line + Math.max(0, at), column: column + 1, message: `${name}: ${message}` };
}
