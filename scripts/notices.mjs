// The licences of what a bundle holds of others, as one text to pack with it.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));

/**
 * @param {readonly string[]} names Packages that are in the bundle.
 * @returns {string} Each one's name, version and licence.
 * @throws {Error} where a package has no licence file
 */
export function noticesOf(names) {
  const texts = [...names].sort().map((name) => {
    const { version } = JSON.parse(readFileSync(`${modules}${name}/package.json`, 'utf8'));
    const file = readdirSync(`${modules}${name}`).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no licence file`);
    return `${name} ${version}\n\n${readFileSync(`${modules}${name}/${file}`, 'utf8').trim()}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/**
 * A plugin of Vite: writes THIRD-PARTY.txt beside the bundle, with the licences of the packages that are in it.
 * @returns {import('vite').Plugin}
 */
export function notices() {
  return {
    name: 'notices',
    generateBundle(_, bundle) {
      const ids = Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' ? Object.keys(chunk.modules) : []));
      const names = ids.flatMap((id) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? []);
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY.txt', source: noticesOf([...new Set(names)]) });
    },
  };
}
