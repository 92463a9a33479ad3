import { NO_PAGE_OPS, type PageOps, type SyscallResult } from '../../src/index.ts';

/** What a system call asked of page tables: the name and the numbers it gave. */
export type PageCall = readonly [name: keyof PageOps, ...args: readonly unknown[]];

/**
 * Page tables that write down what is asked of them.
 *
 * @param answers what those that may fail answer; 0 unless given
 */
export function pageCalls(
  answers: Partial<Record<'populate' | 'madvisePopulate' | 'remove' | 'guardInstall', SyscallResult>> = {},
): { calls: PageCall[]; pageOps: PageOps } {
  const calls: PageCall[] = [];
  const pageOps = Object.fromEntries(
    (Object.keys(NO_PAGE_OPS) as (keyof PageOps)[]).map((name) => [
      name,
      (...args: readonly unknown[]): unknown => {
        calls.push([name, ...args]);
        return (answers as Readonly<Record<string, SyscallResult>>)[name] ?? 0;
      },
    ]),
  ) as unknown as PageOps;
  return { calls, pageOps };
}
