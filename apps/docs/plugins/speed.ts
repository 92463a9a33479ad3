import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadContext, Plugin } from '@docusaurus/types';
import type { BenchRun } from '../src/measured/benchRun.ts';
import { dataPlugin } from './dataPlugin.ts';

/** The newest run of the benchmarks that is kept in `bench/results`, for the page "Speed"; `null` where none is. */
export default function speed(context: LoadContext): Plugin<BenchRun | null> {
  const folder = join(context.siteDir, '../../bench/results');
  return dataPlugin('speed', 'run.json', () => {
    const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
    const runs = files
      .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as BenchRun)
      .filter(({ form }) => form === 'vma-bench 1')
      .sort((a, b) => (a.date < b.date ? 1 : -1));
    return runs[0] ?? null;
  });
}
