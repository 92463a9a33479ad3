// Damaged texts for one reader, for a time or a number of files.

import { Random } from 'vma-lab/conform';
import { mutate } from './mutate.mjs';

/** Lines of a file that are taken at most. */
const MAX_LINES = 60;
/** Milliseconds that a text may take, however busy the machine is: all of them are short. */
const MAX_TIME = 4000;

/** The text of a seed: some lines of a file, damaged. */
export function damagedText(seed, corpus) {
  const random = new Random(seed);
  return { text: mutate(random, piece(random, random.pick(corpus)), piece(random, random.pick(corpus))), random };
}

function piece(random, text) {
  const lines = text.split('\n');
  const from = random.chance(30) ? 0 : random.int(0, lines.length - 1);
  return `${lines.slice(from, from + random.int(1, MAX_LINES)).join('\n')}\n`;
}

/**
 * Gives damaged texts to a reader until a time or a number is reached, or something does not hold of one.
 *
 * @param from the first seed; the next ones follow
 * @returns what was done, and of the first text of which something does not hold: its seed, the text, and what
 */
export function fuzzReader(
  { corpus, check },
  { from, files = Number.POSITIVE_INFINITY, seconds = Number.POSITIVE_INFINITY },
) {
  const texts = corpus();
  const end = performance.now() + seconds * 1000;
  let lines = 0;
  let done = 0;
  for (; done < files && performance.now() < end; done++) {
    const seed = from + done;
    const { text, random } = damagedText(seed, texts);
    const started = performance.now();
    let what = null;
    try {
      check(text, random);
    } catch (error) {
      what = error.stack ?? String(error);
    }
    const took = performance.now() - started;
    if (what === null && took > MAX_TIME) what = `${Math.round(took)} ms for ${text.length} characters`;
    if (what !== null) return { files: done, lines, found: { seed, text, what } };
    lines += text.split('\n').length;
  }
  return { files: done, lines, found: null };
}
