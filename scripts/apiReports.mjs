// The reports in api/: what each entry of each package exports, as text, so that a change of it shows in review. `npm run api` writes them;
// without `--write` it compares, and names what differs, as the workflow ci.yml does. Needs the built packages.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { tempFolder } from './tempFolder.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const reports = join(root, 'api');
const writes = process.argv.includes('--write');
const temporary = tempFolder('api-reports-');

/** @typedef {{ name: string, folder: string, types: string }} Entry */

/** @returns {Entry[]} What can be imported, but for what another entry exports too. */
function entries() {
  return readdirSync(join(root, 'packages'))
    .sort()
    .flatMap((name) => {
      const folder = join(root, 'packages', name);
      /** @type {{ exports: Record<string, string | { types?: string, default?: string }> }} */
      const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return Object.entries(exports).flatMap(([path, target]) =>
        typeof target === 'string' || target.types === undefined || path.endsWith('.js')
          ? []
          : [{ name: `${name}${path.slice(1).replace('/', '-')}`, folder, types: target.types }],
      );
    });
}

/** A report says what is exported; of what to document, the linter and the tests of docstrings decide. */
const SILENT = { default: { logLevel: ExtractorLogLevel.None } };

/** @param {Entry} entry @returns {boolean} The report of the entry was, or is now, as the package is. */
function isAsReported({ name, folder, types }) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, types),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2022',
            lib: ['es2023', 'dom'],
            module: 'nodenext',
            moduleResolution: 'nodenext',
            strict: true,
            skipLibCheck: true,
            types: ['node'],
          },
          files: [types],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: reports,
        reportTempFolder: temporary,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: { compilerMessageReporting: SILENT, extractorMessageReporting: SILENT, tsdocMessageReporting: SILENT },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: writes,
    messageCallback: (message) => {
      message.handled = true;
    },
  });
  return writes || !apiReportChanged;
}

/** @param {string} name @returns {string} The first line in which a report and the package differ. */
function firstDifference(name) {
  const [kept, now] = [reports, temporary].map((folder) => {
    const path = join(folder, `${name}.api.md`);
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  });
  const at = now?.findIndex((line, index) => line !== kept?.[index]) ?? -1;
  return `api/${name}.api.md:${at + 1}: the package has "${now?.[at] ?? ''}", the report "${kept?.[at] ?? ''}"`;
}

const all = entries();
if (writes) rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const differing = all.filter((entry) => !isAsReported(entry));
for (const { name } of differing) console.error(`${firstDifference(name)}; npm run api writes it anew`);
const unknown = readdirSync(reports).filter((file) => !all.some(({ name }) => file === `${name}.api.md`));
for (const file of unknown) console.error(`api/${file} is of no entry; npm run api takes it away`);
console.log(`api: ${all.length} entries, ${differing.length + unknown.length} differ`);
if (differing.length + unknown.length > 0) process.exitCode = 1;
