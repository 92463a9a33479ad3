import {
  changeProtection,
  clearSoftDirty,
  copyPageRange,
  guardInstall,
  guardRemove,
  movePageTables,
  type PageTable,
  populateAnon,
  tableUsage,
  uffdWriteProtect,
  walkPageRange,
  zapPageRange,
} from 'pt-model';
import { expect, it } from 'vitest';
import { at, fill, newProcess, ZAP } from './support/lab.ts';

it.each<[string, (pt: PageTable) => unknown]>([
  ['guardInstall', (pt) => guardInstall(pt, at(600), at(600), ZAP.anon)],
  ['guardRemove', (pt) => guardRemove(pt, at(600), at(600))],
  ['populateAnon', (pt) => populateAnon(pt, at(600), at(600), 0)],
  ['zapPageRange', (pt) => zapPageRange(pt, at(5), at(5), ZAP.munmap)],
  ['changeProtection', (pt) => changeProtection(pt, at(5), at(5))],
  ['clearSoftDirty', (pt) => clearSoftDirty(pt, at(5), at(5))],
  [
    'uffdWriteProtect',
    (pt) => uffdWriteProtect(pt, at(600), at(600), { on: true, anonymous: false, unpopulated: false }),
  ],
  ['movePageTables', (pt) => movePageTables(pt, at(5), at(600), 0, { uffd: 'none', softDirty: true })],
  ['tableUsage', (pt) => tableUsage(pt, at(5), at(5))],
  ['walkPageRange', (pt) => walkPageRange(pt, at(5), at(5), { pte: () => true, hole: () => true, pmd: () => true })],
  [
    'copyPageRange',
    (pt) => copyPageRange(newProcess(pt.frames), pt, at(5), at(5), { cow: true, shared: false, dstUffdWp: false }),
  ],
])('%s of no pages does nothing and makes no table', (_name, run) => {
  const pt = newProcess();
  fill(pt, at(5), 'A');
  const { live } = pt.frames;
  const entry = pt.get(at(5));
  run(pt);
  expect([pt.vmPteKb, pt.get(at(5)), pt.frames.live]).toEqual([12, entry, live]);
});
