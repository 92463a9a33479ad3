import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { LoadContext, Plugin } from '@docusaurus/types';
import { runScenario } from 'fork-sim';
import type { Evidence, KernelEvidence } from '../src/measured/evidence.ts';
import { dataPlugin } from './dataPlugin.ts';
import { readRecording } from './readRecording.ts';

interface RecordingFile {
  readonly file: string;
  readonly set: KernelEvidence['set'];
}

/** The recordings of each set: a file a kernel. */
const SETS = [
  { set: '1', folder: 'kernels', name: /^\d.*\.jsonl\.gz$/ },
  { set: '2', folder: 'kernels2', name: /^\d.*\.jsonl\.gz$/ },
  { set: 'random', folder: 'fuzz', name: /^random-.*\.jsonl\.gz$/ },
] as const;

/** Compares every recorded step with what the engine says, field by field. */
function verify({ file, set }: RecordingFile): KernelEvidence {
  const { header, options, scenarios } = readRecording(file);
  let steps = 0;
  let exact = 0;
  for (const { scenario, steps: recorded } of scenarios) {
    steps += recorded.length;
    const ran = runScenario(scenario, options);
    if (recorded.every((step, i) => isDeepStrictEqual(step, ran[i]))) exact++;
  }
  const { kernel, label = '' } = header;
  return { kernel, label, set, scenarios: scenarios.length, steps, exact };
}

/** Names what the figures depend on: the recordings, and the engine as built. */
function fingerprint(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Figures for the page "How we know", computed from the recordings while the site is built. */
export default function evidence(context: LoadContext): Plugin<Evidence> {
  const recordings = join(context.siteDir, '../../conformance/recordings');
  const packages = join(context.siteDir, '../../packages');
  const cache = join(context.siteDir, '../../node_modules/.cache/docs');
  const programs = join(context.siteDir, '../../conformance/programs');
  return dataPlugin<Evidence>('evidence', 'evidence.json', () => {
    const files = SETS.flatMap(({ set, folder, name }) =>
      readdirSync(join(recordings, folder))
        .filter((file) => name.test(file))
        .sort()
        .map((file): RecordingFile => ({ set, file: join(recordings, folder, file) })),
    );
    const engine = ['vma-core', 'pt-model', 'fork-sim'].flatMap((name) => filesUnder(join(packages, name, 'dist')));
    const kept = join(cache, `evidence-${fingerprint([...files.map(({ file }) => file), ...engine])}.json`);
    if (!existsSync(kept)) {
      mkdirSync(cache, { recursive: true });
      writeFileSync(kept, JSON.stringify(files.map(verify)));
    }
    const kernels = JSON.parse(readFileSync(kept, 'utf8')) as KernelEvidence[];
    const recorded = readdirSync(programs).filter((name) => existsSync(join(programs, name, 'meta.json')));
    return { kernels, programs: recorded.length };
  });
}
