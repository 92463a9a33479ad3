import fc from 'fast-check';
import { exitMmap, listTables, MAX_PAGE, PMD_TABLE_PAGES, PTE_TABLE_PAGES, PUD_TABLE_PAGES, virtPage } from 'pt-model';
import { describe, expect, it } from 'vitest';
import { fill, newProcess } from './support/lab.ts';

const END = virtPage(MAX_PAGE);

describe('listTables', () => {
  it('lists each table before those below it, with its entries in use', () => {
    const pt = newProcess();
    fill(pt, virtPage(510), 'AAG');
    fill(pt, virtPage(PMD_TABLE_PAGES), 'z');
    fill(pt, virtPage(3 * PUD_TABLE_PAGES + 7), 'A');
    pt.allocUpper(virtPage(5 * PUD_TABLE_PAGES));
    const rows = [...listTables(pt, virtPage(0), END)].map(
      ({ level, first, entries }) => `${level} ${first} ${entries}`,
    );
    expect(rows).toEqual([
      'pgd 0 3',
      'pud 0 2',
      'pmd 0 2',
      'pte 0 2',
      'pte 512 1',
      `pmd ${PMD_TABLE_PAGES} 1`,
      `pte ${PMD_TABLE_PAGES} 1`,
      `pud ${3 * PUD_TABLE_PAGES} 1`,
      `pmd ${3 * PUD_TABLE_PAGES} 1`,
      `pte ${3 * PUD_TABLE_PAGES} 1`,
      `pud ${5 * PUD_TABLE_PAGES} 1`,
      `pmd ${5 * PUD_TABLE_PAGES} 0`,
    ]);
  });

  it('lists the tables that a range touches, and no others', () => {
    const pt = newProcess();
    fill(pt, virtPage(510), 'AAAA');
    fill(pt, virtPage(1024), 'A');
    expect([...listTables(pt, virtPage(513), virtPage(1024))].map(({ level, first }) => [level, first])).toEqual([
      ['pgd', 0],
      ['pud', 0],
      ['pmd', 0],
      ['pte', 512],
    ]);
    expect([...listTables(pt, virtPage(2 * PUD_TABLE_PAGES), END)]).toEqual([{ level: 'pgd', first: 0, entries: 1 }]);
  });

  it('lists only the PGD of an empty page table, and nothing of a destroyed one', () => {
    const pt = newProcess();
    expect([...listTables(pt, virtPage(0), END)]).toEqual([{ level: 'pgd', first: 0, entries: 0 }]);
    exitMmap(pt);
    expect([...listTables(pt, virtPage(0), END)]).toEqual([]);
  });

  it('agrees with the counters for any mapping', () => {
    const page = fc.oneof(fc.nat(4 * PTE_TABLE_PAGES), fc.nat(3 * PMD_TABLE_PAGES), fc.nat(MAX_PAGE - 1));
    fc.assert(
      fc.property(fc.array(page, { maxLength: 20 }), (pages) => {
        const pt = newProcess();
        for (const one of new Set(pages)) fill(pt, virtPage(one), 'G');
        const all = [...listTables(pt, virtPage(0), END)];
        const of = (level: string): typeof all => all.filter((one) => one.level === level);
        expect(of('pte').length).toBe(pt.pteTables);
        expect(of('pmd').length).toBe(pt.pmdTables);
        expect(of('pud').length).toBe(pt.pudTables);
        const entries = (level: string): number => of(level).reduce((sum, one) => sum + one.entries, 0);
        expect([entries('pgd'), entries('pud'), entries('pmd')]).toEqual([pt.pudTables, pt.pmdTables, pt.pteTables]);
        expect(entries('pte')).toBe(new Set(pages).size);
      }),
    );
  });
});
