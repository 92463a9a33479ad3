// @ts-check
// Checks the types of every live block of the site's pages, runs each, and holds what the pages claim against what they give:
// `node liveCode/checkLiveCode.mjs`, of the pages in a folder: with its name. Part of the build, which has built the packages that
// the blocks run; with `--types` nothing is run, and it is part of typecheck.
import { readFileSync } from 'node:fs';
import { checkLiveBlocks } from './checkLiveBlocks.mjs';
import { findLiveBlocks } from './findLiveBlocks.mjs';
import { pagesWithCode } from './pagesWithCode.mjs';
import { runLiveBlocks } from './runLiveBlocks.mjs';

const typesOnly = process.argv.includes('--types');
const folders = process.argv.slice(2).filter((word) => word !== '--types');
const pages = folders.length > 0 ? pagesWithCode(folders) : pagesWithCode();
const blocks = pages.flatMap(({ file, path }) => findLiveBlocks(file, readFileSync(path, 'utf8')));
const wrongTypes = checkLiveBlocks(blocks);
/** @param {import('./findLiveBlocks.mjs').LiveBlock} block */
const isTyped = ({ file, line, code }) =>
  !wrongTypes.some((one) => one.file === file && one.line >= line && one.line < line + code.split('\n').length);
const problems = [...wrongTypes, ...(typesOnly ? [] : await runLiveBlocks(blocks.filter(isTyped)))];
for (const { file, line, column, message } of problems)
  console.error(`apps/docs/${file}:${line}:${column} - error ${message}`);
console.log(`live code: ${blocks.length} blocks, ${problems.length} problems`);
process.exitCode = problems.length > 0 || blocks.length === 0 ? 1 : 0;
