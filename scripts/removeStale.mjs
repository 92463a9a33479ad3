// Removes from dist what a source that is gone has left there: a tarball would carry it, and its source map would lead to nothing.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** @param {string} folder of a package @returns {string[]} The files that were removed. */
export function removeStale(folder) {
  const dist = join(folder, 'dist');
  if (!existsSync(dist)) return [];
  const maps = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.map'));
  return maps.flatMap((path) => {
    const map = join(dist, path);
    /** @type {{ sources: string[] }} */
    const { sources } = JSON.parse(readFileSync(map, 'utf8'));
    if (sources.every((source) => existsSync(join(dirname(map), source)))) return [];
    const made = map.replace(/\.map$/, '');
    const isOfMap = existsSync(made) && readFileSync(made, 'utf8').includes(`sourceMappingURL=${basename(map)}`);
    const files = isOfMap ? [map, made] : [map];
    for (const file of files) rmSync(file);
    return files;
  });
}
