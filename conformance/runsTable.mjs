// The table of conformance runs: which kernel was asked how much, and what differed.

/**
 * @typedef {object} RunRow
 * @property {string} date the day, as 2026-11-28
 * @property {string} kernel its version, in three numbers
 * @property {string} profile the rules that it was compared with
 * @property {string} what recorded scenarios, litmus files, or random scenarios
 * @property {number[]} seeds of random scenarios: the first of each run
 * @property {number} number scenarios or files that were performed
 * @property {number} calls operations that were compared in every field; 0: claims were
 * @property {number} different scenarios or files that differ
 * @property {number} once scenarios that differed, and agreed when they were performed again
 */

/**
 * The rows, with those of one run: random scenarios of one kernel, profile and day are summed up.
 * @param {readonly RunRow[]} rows
 * @param {{ date: string, kernel: { label: string }, profile: string, seed: number, parts: readonly { name: string, done: number, steps: number | null, different: number, differentOnce: number }[] }} run
 * @returns {RunRow[]}
 */
export function withRun(rows, { date, kernel: { label: kernel }, profile, seed, parts }) {
  const all = [...rows];
  for (const { name, done, steps, different, differentOnce: once } of parts) {
    if (done === 0) continue;
    const isRandom = name.startsWith('random');
    const what = isRandom ? 'random scenarios' : name;
    const row = {
      date,
      kernel,
      profile,
      what,
      seeds: isRandom ? [seed] : [],
      number: done,
      calls: steps ?? 0,
      different,
      once,
    };
    const at = all.findIndex(
      (one) => one.date === date && one.kernel === kernel && one.profile === profile && one.what === what,
    );
    const before = all[at];
    if (before === undefined) all.push(row);
    else if (!isRandom) all[at] = row;
    else if (!before.seeds.includes(seed)) all[at] = sum(before, row);
  }
  return all;
}

/**
 * @param {RunRow} a
 * @param {RunRow} b
 * @returns {RunRow}
 */
function sum(a, b) {
  return {
    ...a,
    seeds: [...a.seeds, ...b.seeds].sort((x, y) => x - y),
    number: a.number + b.number,
    calls: a.calls + b.calls,
    different: a.different + b.different,
    once: a.once + b.once,
  };
}

/**
 * The table as Markdown.
 * @param {readonly RunRow[]} rows
 */
export function runsTable(rows) {
  const count = (/** @type {number} */ n) => n.toLocaleString('en');
  const lines = rows.map(({ date, kernel, profile, what, seeds, number, calls, different, once }) =>
    [
      kernel,
      profile,
      what,
      seeds.join(', ') || '–',
      count(number),
      calls === 0 ? '–' : count(calls),
      count(different),
      count(once),
      date,
    ].join(' | '),
  );
  return `# Kernels that were asked

\`vma-lab conform\` asked these kernels, and compared every field of every call with the model. \`node conformance/addRun.mjs RUN.json\` adds a
run to this table; the same seed makes the same scenarios. A scenario that differed once agreed when it was performed again: a kernel that moves a
page shows a swap entry for a moment.

| kernel | profile | performed | first seeds | number | calls | differ | differed once | day |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${lines.map((line) => `| ${line} |\n`).join('')}`;
}
