import { copyPageRange, FrameTable, guardInstall, PageTable, PTE_WRITE, populateAnon, virtPage } from 'pt-model';
import { expect, it } from 'vitest';
import { draw, drawWritable } from './support/lab.ts';

it('the example of the README is true', () => {
  const frames = new FrameTable();
  const parent = new PageTable(frames);
  const [start, end] = [virtPage(0), virtPage(4)];
  populateAnon(parent, start, end, PTE_WRITE);
  expect(guardInstall(parent, virtPage(3), end, { anonymous: true, uffdWp: false })).toEqual({ state: 'ok' });
  expect(draw(parent, start, 4)).toBe('AAAG');
  const child = new PageTable(frames);
  expect(copyPageRange(child, parent, start, end, { cow: true, shared: false, dstUffdWp: false })).toEqual({
    ptes: 4,
    framesShared: 3,
    markers: 1,
    pteTables: 1,
    pmdTables: 1,
    pudTables: 1,
  });
  expect([draw(parent, start, 4), draw(child, start, 4), child.vmPteKb]).toEqual(['aaaG', 'aaaG', 12]);
  expect(drawWritable(parent, start, 4) + drawWritable(child, start, 4)).toBe('--------');
});
