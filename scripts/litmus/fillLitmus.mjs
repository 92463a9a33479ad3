// Fills the question marks of a draft of a litmus file with what the model answers on every profile: `munmap 4+2 => ?`, `read 4 => ? reads`,
// `mmap +2 rw hint=9 => ? at`, `map ?`, `map 16: ?8`, `pages ?`, `guards ?`, `flags 4 ? gu`, `forked 4 ?`, `vma 4 ?`, `vmas ?`, `tables ?`.
import { formatLitmus, judgeLitmus, KERNEL_NAMES, litmusTest, parseLitmus } from 'fork-sim';

/** The kernel whose answer stands without kernels before it. */
const BASE = '6.19';

/**
 * In place of each question mark stands a claim that fails, so that what is found instead can be read.
 *
 * @type {readonly (readonly [RegExp, (...found: string[]) => string])[]}
 */
const DUMMIES = [
  [/=> \?/, () => '=> ESRCH'],
  [/ reads$/, () => ' reads 255'],
  [/ at$/, () => ' at 0'],
  [/ faults$/, () => ' faults MMMMMMMMMMMMMMMMM'],
  [/^((?:\w+: )?map) \?$/, (_, head) => `${head} AB.CD.EF.GH.IJ.KL.MN.OP.QR.ST.UV.WX.YZ`],
  [
    /^((?:\w+: )?map \d+:) \?(\d+)$/,
    (_, head, count) => `${head} ${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.slice(0, Number(count))}`,
  ],
  [/^((?:\w+: )?pages) \?$/, (_, head) => `${head} SWSWSWSWSWSWSWSWSW`],
  [/^((?:\w+: )?pages \d+:) \?(\d+)$/, (_, head, count) => `${head} ${'S'.repeat(Number(count))}`],
  [/^((?:\w+: )?(?:guards|soft-dirty|write-protected)) \?$/, (_, head) => `${head} 63 1000000`],
  [/^((?:\w+: )?flags \d+) \? (.*)$/, (_, head, flags) => `${head} has ${flags}`],
  [/^((?:\w+: )?forked \d+) \?$/, (_, head) => `${head} skip`],
  [/^((?:\w+: )?vma \d+) \?$/, (_, head) => `${head} --xs`],
  [/^((?:\w+: )?vmas) \?$/, (_, head) => `${head} 999`],
  [/^((?:\w+: )?tables) \?$/, (_, head) => `${head} 9999`],
];

/**
 * @param {string} draft
 * @param {string} name of the file, for errors
 * @returns {string} the file, in its canonical form
 */
export function fillLitmus(draft, name) {
  const lines = draft.split('\n');
  const isAsked = (/** @type {string} */ line) =>
    !/^(#|source:)/.test(line) && DUMMIES.some(([form]) => form.test(line.trim()));
  const probe = lines.map((line) =>
    isAsked(line) ? DUMMIES.reduce((text, [form, dummy]) => text.replace(form, dummy), line.trim()) : line,
  );
  const test = litmusTest(parseLitmus(probe.join('\n'), name), name);
  const verdicts = KERNEL_NAMES.map((kernel) => judgeLitmus(test, kernel)).filter(
    ({ verdict }) => verdict !== 'notApplicable',
  );
  const filled = lines.flatMap((line, index) => {
    if (!isAsked(line)) return [line];
    const answers = verdicts.map(({ kernel, failures }) => {
      const found = failures.find((failure) => failure.line === index + 1)?.found;
      return { kernel, text: answerTo(line.trim(), probe[index] ?? '', found) };
    });
    return linesFor(answers);
  });
  return formatLitmus(parseLitmus(filled.join('\n'), name).litmus);
}

/**
 * The line that is true on a kernel.
 *
 * @param {string} asked
 * @param {string} probe
 * @param {string | undefined} found
 */
function answerTo(asked, probe, found) {
  const op = /^(.*) => \?/.exec(asked)?.[1];
  if (op !== undefined) return `${op} ${found ?? probe.slice(op.length + 1)}`;
  if (found === undefined) return probe;
  if (!/^[\w-]+ /.test(found) || found.startsWith('page ')) throw new Error(`${asked}: ${found}`);
  const flags = /^((?:\w+: )?flags \d+) \? (.*)$/.exec(asked);
  if (flags !== null) return `${flags[1]} lacks ${flags[2]}`;
  return `${/^(\w+: )/.exec(asked)?.[1] ?? ''}${found}`;
}

/**
 * A line for most kernels, and one for those that answer otherwise.
 *
 * @param {readonly { readonly kernel: string, readonly text: string }[]} answers
 */
function linesFor(answers) {
  const base = (answers.find(({ kernel }) => kernel === BASE) ?? answers[0])?.text ?? '';
  const others = [...new Set(answers.map(({ text }) => text))].filter((text) => text !== base);
  return [
    base,
    ...others.map((other) => {
      const kernels = answers.filter(({ text }) => text === other).map(({ kernel }) => kernel);
      return `[${rangesOf(kernels)}]: ${other}`;
    }),
  ];
}

/** @param {readonly string[]} kernels in the order of the profiles */
function rangesOf(kernels) {
  const last = KERNEL_NAMES.length - 1;
  const places = kernels.map((kernel) => KERNEL_NAMES.indexOf(kernel));
  const parts = [];
  for (let at = 0; at < places.length; at++) {
    const from = places[at] ?? 0;
    while (places[at + 1] === (places[at] ?? 0) + 1) at++;
    const to = places[at] ?? 0;
    if (from === to) parts.push(KERNEL_NAMES[from]);
    else if (from === 0) parts.push(`to ${KERNEL_NAMES[to]}`);
    else parts.push(to === last ? `from ${KERNEL_NAMES[from]}` : `${KERNEL_NAMES[from]} to ${KERNEL_NAMES[to]}`);
  }
  return parts.join(', ');
}
