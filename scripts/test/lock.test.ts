import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isAllowed, listLicences } from '../licences.mjs';

interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
}
const { packages } = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Readonly<Record<string, Entry>>;
};
const installed = Object.entries(packages).filter(([key, { link }]) => key.includes('node_modules/') && !link);

it('every package of the lock, of every system, has the hash of what its author published', () => {
  expect(installed.length).toBeGreaterThan(1500);
  expect(installed.filter(([, { integrity = '' }]) => !/^sha512-[\w+/]{86}==$/.test(integrity))).toEqual([]);
});

it('comes from a registry: no repository, no address', () => {
  expect(installed.filter(([, { resolved, version = '' }]) => resolved !== undefined || /[:/]/.test(version))).toEqual(
    [],
  );
});

it('has licences that what is published, and the site, may have', () => {
  const all = listLicences();
  expect(all.filter((one) => !isAllowed(one))).toEqual([]);
  const published = all.filter(({ circle }) => circle === 'published').map(({ name }) => name);
  expect(published).toEqual(expect.arrayContaining(['comlink', 'commander', 'jsonc-parser', 'picocolors', 'valibot']));
  const gpl = { name: 'x', version: '1.0.0', licence: 'GPL-2.0', circle: 'published' } as const;
  expect([isAllowed(gpl), isAllowed({ ...gpl, licence: 'MIT OR GPL-2.0' })]).toEqual([false, true]);
  expect([
    isAllowed({ ...gpl, licence: 'MPL-2.0' }),
    isAllowed({ ...gpl, licence: 'MPL-2.0', circle: 'site' }),
  ]).toEqual([false, true]);
});
