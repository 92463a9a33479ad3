// Finds a Chromium for the browser tests: CHROMIUM_PATH, then the one packaged in @sparticuz/chromium (Linux, x64),
// unpacked once into node_modules/.cache, then /usr/bin/chromium. Nothing is downloaded. The packaged one is a headless
// shell: it has no windows to keep up, and the tests take two thirds of the processor's time in it.
// As a command it prints where the browser is: `node scripts/find-chromium.mjs`.
import { spawnSync } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, createBrotliDecompress } from 'node:zlib';

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
const packed = join(modules, '@sparticuz/chromium');

/** No sandbox: tests run as root in containers, and open only pages of this repository. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
];

/**
 * @typedef {object} Chromium What a Playwright launch needs.
 * @property {string} executablePath
 * @property {string[]} args
 * @property {Record<string, string>} env The whole environment of the browser.
 */

/** @returns {Promise<Chromium>} @throws {Error} When there is none: says how to get one. */
export async function findChromium() {
  const env = /** @type {Record<string, string>} */ ({ ...process.env });
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH names no file: ${named}`);
    return { executablePath: named, args: ARGS, env };
  }
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(packed)) return packagedChromium(env);
  if (existsSync('/usr/bin/chromium')) return { executablePath: '/usr/bin/chromium', args: ARGS, env };
  throw new Error('no Chromium found: install one (Debian: apt-get install chromium) or set CHROMIUM_PATH');
}

/** @param {Record<string, string>} env @returns {Promise<Chromium>} */
async function packagedChromium(env) {
  const { version } = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8'));
  const home = join(modules, '.cache', `chromium-${version}`);
  if (!existsSync(home)) await unpack(join(packed, 'bin'), home);
  const libraries = [join(home, 'lib'), env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return {
    executablePath: join(home, 'chromium'),
    args: ARGS,
    env: { ...env, LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: join(home, 'fonts.conf') },
  };
}

/**
 * Unpacks the browser, the libraries it may miss on a bare system, and its fonts. Works in a folder of its own and
 * renames at the end, so an interrupted or a second run never leaves half a browser.
 * @param {string} bin Folder of the packed files.
 * @param {string} home Folder to make.
 */
async function unpack(bin, home) {
  const partial = `${home}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    await pipeline(
      createReadStream(join(bin, 'chromium.br')),
      createBrotliDecompress(),
      createWriteStream(join(partial, 'chromium'), { mode: 0o755 }),
    );
    for (const archive of ['al2023.tar.br', 'fonts.tar.br']) {
      const input = brotliDecompressSync(readFileSync(join(bin, archive)));
      const { status, error, stderr } = spawnSync('tar', ['-x', '-C', partial], { input });
      if (status !== 0) throw new Error(`cannot unpack ${archive}: ${error?.message ?? String(stderr)}`);
    }
    writeFileSync(join(partial, 'fonts.conf'), fontsConf(home));
    if (!existsSync(home)) renameSync(partial, home);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** The fonts of the system, then the packed ones, so that text is drawn even where none are installed. @param {string} home */
function fontsConf(home) {
  const folders = ['/usr/share/fonts', join(home, 'fonts')].map((folder) => `<dir>${folder}</dir>`).join('');
  return `<?xml version="1.0"?><fontconfig>${folders}<cachedir>${join(home, 'font-cache')}</cachedir></fontconfig>\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log((await findChromium()).executablePath);
