// @ts-check
// Checks the types of every live block of the site's pages: `node liveCode/checkLiveCode.mjs`, of the pages in a folder: with
// its name. Part of typecheck and of the build.
import { readFileSync } from 'node:fs';
import { checkLiveBlocks } from './checkLiveBlocks.mjs';
import { findLiveBlocks } from './findLiveBlocks.mjs';
import { pagesWithCode } from './pagesWithCode.mjs';

const folders = process.argv.slice(2);
const pages = folders.length > 0 ? pagesWithCode(folders) : pagesWithCode();
const blocks = pages.flatMap(({ file, path }) => findLiveBlocks(file, readFileSync(path, 'utf8')));
const problems = checkLiveBlocks(blocks);
for (const { file, line, column, message } of problems)
  console.error(`apps/docs/${file}:${line}:${column} - error ${message}`);
console.log(`live code: ${blocks.length} blocks, ${problems.length} problems`);
process.exitCode = problems.length > 0 || blocks.length === 0 ? 1 : 0;
