// `npm run bench`: measures every case, prints the table and the targets.
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { CASES } from './cases/index.ts';
import { KernelSide } from './kernelSide.ts';
import { HELP, type Options, readOptions } from './options.ts';
import type { BenchReport, CaseReport } from './report.ts';
import { runCase } from './runCase.ts';
import { formatReport } from './table.ts';
import { judge } from './targets.ts';

async function measure({ only }: Options): Promise<BenchReport> {
  const wanted = CASES.filter(({ name }) => only.length === 0 || only.some((part) => name.includes(part)));
  if (wanted.length === 0) throw new TypeError(`no case is named ${only.join(' or ')}`);
  const begin = performance.now();
  const loadBefore = loadavg()[0]!;
  const started = KernelSide.start();
  const kernel = typeof started === 'string' ? null : started;
  const cases: CaseReport[] = [];
  try {
    for (const [i, bench] of wanted.entries()) {
      progress(`[${i + 1}/${wanted.length}] ${bench.name}`);
      cases.push(await runCase(bench, { kernel }));
    }
    return {
      form: 'vma-bench 1',
      date: new Date().toISOString(),
      machine: {
        cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
        cpus: cpus().length,
        memoryMib: Math.round(totalmem() / 2 ** 20),
        node: process.versions.node,
        kernel: kernel === null ? null : releaseOf(await kernel.ask('info')),
        load: [loadBefore, loadavg()[0]!],
      },
      kernelSide: typeof started === 'string' ? started : null,
      seconds: Math.round((performance.now() - begin) / 1000),
      cases,
      targets: judge(cases),
    };
  } finally {
    progress('');
    kernel?.stop();
  }
}

/** The version alone, without what the builder of the kernel added to it. */
function releaseOf(text: string): string {
  return /^\d+(\.\d+)*/.exec(text)?.[0] ?? text;
}

/** One line that is written over again and again on a terminal; elsewhere a line for each case. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
  else if (text !== '') process.stderr.write(`${text}\n`);
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  const report = await measure(options);
  process.stdout.write(formatReport(report));
  if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
