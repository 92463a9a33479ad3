import { InputError, type SmapsEntry } from 'proc-io';
import { PAGE_SIZE, TASK_SIZE, VM_HUGETLB } from 'vma-core';
import { flagsOfSmaps } from './flagsOfSmaps.ts';

/** How a machine divides memory, as far as a map of one of its processes tells. */
export interface MapGeometry {
  /** Bytes a page. */
  readonly pageSize: number;
  /**
   * Bytes that one table of each level spans, from PTE tables up; the top level, of which a process has one table, is left out. `null`: the
   * machine's page tables are not known.
   */
  readonly levels: readonly number[] | null;
}

/** 4 kB pages, and tables of 512 entries. PTE, PMD and PUD tables are counted; of the fifth level the kernel counts none. */
const levelsOf = (pageSize: number, entries: number, counted: number): readonly number[] =>
  Array.from({ length: counted }, (_, level) => pageSize * entries ** (level + 1));

/** x86-64 with four levels. */
export const X86_64: MapGeometry = { pageSize: PAGE_SIZE, levels: levelsOf(PAGE_SIZE, 512, 3) };

/**
 * What a map tells of the machine: `KernelPageSize:` the page, its highest address the levels, names of libraries the architecture. Without
 * `KernelPageSize:` it is 4 kB. Kernel: `__create_pgd_mapping()` and CONFIG_PGTABLE_LEVELS of arm64, arch/arm64/Kconfig.
 */
export function geometryOf(vmas: readonly SmapsEntry[]): MapGeometry {
  const known = geometries.get(vmas) ?? readGeometry(vmas);
  geometries.set(vmas, known);
  return known;
}

/** A map may have a million VMAs, and is asked for its geometry by many. It must not change any more. */
const geometries: WeakMap<readonly SmapsEntry[], MapGeometry> = new WeakMap();

function readGeometry(vmas: readonly SmapsEntry[]): MapGeometry {
  let pageKb = Number.POSITIVE_INFINITY;
  for (const vma of vmas) {
    // Mappings of hugetlbfs show the size of their huge pages.
    if ((flagsOfSmaps(vma) & VM_HUGETLB) === 0n) pageKb = Math.min(pageKb, vma.fields.get('KernelPageSize') ?? pageKb);
  }
  const top = vmas.findLast((vma) => !isGateVma(vma))?.end ?? 0;
  switch (pageKb) {
    case Number.POSITIVE_INFINITY:
    case 4:
      return isSmallSpace(vmas) ? { pageSize: PAGE_SIZE, levels: levelsOf(PAGE_SIZE, 512, 2) } : X86_64;
    case 16:
      return { pageSize: 2 ** 14, levels: levelsOf(2 ** 14, 2048, top > 2 ** 47 ? 3 : 2) };
    case 64:
      return { pageSize: 2 ** 16, levels: isArm64(vmas) ? levelsOf(2 ** 16, 8192, top > 2 ** 42 ? 2 : 1) : null };
    default:
      return { pageSize: pageKb * 1024, levels: null };
  }
}

/** True for what smaps lists and no address space holds: `[vsyscall]` is one page of the kernel for all. */
export function isGateVma(vma: SmapsEntry): boolean {
  return vma.start >= ADDRESS_END;
}

/** What an address space holds of a map: the map itself, where that is all of it. */
export function withoutGates(vmas: readonly SmapsEntry[]): readonly SmapsEntry[] {
  return vmas.some(isGateVma) ? vmas.filter((vma) => !isGateVma(vma)) : vmas;
}

/** No user space of 64 bits has so high an address: five levels end at 2^57. */
export const ADDRESS_END: number = 2 ** 60;

/**
 * @throws InputError for a map with addresses beyond those of x86-64 with four levels: a log cannot be replayed on it, as no page table
 *   here spans them
 */
export function requireFourLevels(vmas: readonly SmapsEntry[], file: string): void {
  const beyond = vmas.find((vma) => vma.end > TASK_SIZE && !isGateVma(vma));
  if (beyond === undefined) return;
  const why = `a mapping at ${beyond.start.toString(16)}, beyond the 47 bits of x86-64 with four levels`;
  throw new InputError(`${why}: a log cannot be replayed on it; vma-lab smaps answers what may merge`, { file });
}

/** True where a map is of a process whose addresses x86-64 with four levels does not have, or with other pages. */
export function isOtherMachine(vmas: readonly SmapsEntry[]): boolean {
  const { pageSize, levels } = geometryOf(vmas);
  return (
    pageSize !== PAGE_SIZE || levels !== X86_64.levels || vmas.some((vma) => vma.end > TASK_SIZE && !isGateVma(vma))
  );
}

/** A stack below 2^39, where x86-64 never has it: arm64 with three levels, or RISC-V. */
function isSmallSpace(vmas: readonly SmapsEntry[]): boolean {
  const stack = vmas.find(({ name }) => name === '[stack]');
  return stack !== undefined && stack.end > 2 ** 32 && stack.end <= 2 ** 39;
}

/** Pages of 64 kB are arm64's or PowerPC's, whose tables differ: flags and names of libraries tell which. */
function isArm64(vmas: readonly SmapsEntry[]): boolean {
  return vmas.some(
    ({ name, unknownFlags }) => /aarch64/.test(name) || unknownFlags.some((word) => /^(?:mt|bt)$/.test(word)),
  );
}
