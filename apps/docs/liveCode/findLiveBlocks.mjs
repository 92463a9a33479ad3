// @ts-check

/**
 * A fenced code block of a page that readers can edit and run.
 * @typedef {object} LiveBlock
 * @property {string} file the page it stands in
 * @property {number} line the line of its first line of code, from 1
 * @property {string} language as the fence names it
 * @property {string} code
 */

const OPENING = /^( {0,3})(`{3,}|~{3,})\s*(\w+)?(.*)$/;

/**
 * Finds the blocks of a page whose fence says `live`.
 * @param {string} file
 * @param {string} text
 * @returns {LiveBlock[]}
 */
export function findLiveBlocks(file, text) {
  const lines = text.split('\n');
  /** @type {LiveBlock[]} */
  const blocks = [];
  for (let at = 0; at < lines.length; at++) {
    const opening = OPENING.exec(lines[at] ?? '');
    if (!opening) continue;
    const [, indent = '', fence = '', language = '', meta = ''] = opening;
    const first = at + 1;
    let end = first;
    while (end < lines.length && !closes(lines[end] ?? '', fence)) end++;
    // The code of an indented fence loses as much indentation; columns stay right when it is kept.
    if (/\blive\b/.test(meta)) {
      if (indent !== '') throw new Error(`${file}:${at + 1}: a live block may not be indented`);
      blocks.push({ file, line: first + 1, language, code: lines.slice(first, end).join('\n') });
    }
    at = end;
  }
  return blocks;
}

/**
 * @param {string} line
 * @param {string} fence
 */
function closes(line, fence) {
  const text = line.trim();
  return text.length >= fence.length && text === (fence[0] ?? '').repeat(text.length);
}
