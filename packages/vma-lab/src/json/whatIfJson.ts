import type { WhatIfReport } from 'fork-sim';

/** What `vma-lab what-if` found. */
export interface WhatIfFound {
  readonly file: string;
  readonly isLog: boolean;
  /** Guards as markers were asked for. */
  readonly isMarkers: boolean;
  readonly report: WhatIfReport;
  /** Bytes. */
  readonly longestGuard: number;
}

/** What `vma-lab what-if --json` prints. */
export type WhatIfJson = ReturnType<typeof whatIfJson>;

/** The report as `--json` prints it. A field may be added without a new version. */
export function whatIfJson({ file, isLog, report }: WhatIfFound) {
  const { before, after, calls, guards } = report;
  const saved = { peak: before.peakVmas - after.peakVmas, end: before.endVmas - after.endVmas };
  return {
    kind: 'what-if' as const,
    version: 1 as const,
    file,
    of: isLog ? ('log' as const) : ('map' as const),
    before,
    after,
    saved,
    calls,
    guards: guards && { count: guards.guards, sizes: guards.sizes, longest: guards.longest, tablesKb: guards.tablesKb },
  };
}
