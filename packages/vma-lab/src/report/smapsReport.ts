import type { PairAnswer } from 'fork-sim';
import type { HexAddress } from './replayReport.ts';

/** What `vma-lab smaps --json` prints. */
export interface SmapsReport {
  readonly kind: 'smaps';
  /** Version of this form. A field may be added without a new version. */
  readonly version: 1;
  readonly file: string;
  readonly kernel: string;
  readonly profile: string;
  readonly measured: boolean;
  /** VMAs; `[vsyscall]`, which no address space holds, is left out. */
  readonly vmas: number;
  readonly maxMapCount: number;
  /** VMAs between now and `max_map_count`. */
  readonly toSpare: number;
  readonly map: readonly SmapsVmaReport[];
  /** What a fork would do, on each profile; the chosen one first. */
  readonly forks: readonly SmapsForkReport[];
  /** PROT_NONE guards beside memory, and the VMAs there would be at best were they guard markers. */
  readonly guards: { readonly count: number; readonly vmasAtBest: number };
}

/** One VMA. */
export interface SmapsVmaReport {
  readonly start: HexAddress;
  readonly end: HexAddress;
  readonly pages: number;
  readonly perms: string;
  readonly pgoff: number;
  readonly flags: string;
  readonly backing: 'anonymous' | 'file' | 'shared' | 'special';
  readonly name: string;
  /** Resident pages; `null` where the file has no `Rss:` (a `maps`). */
  readonly resident: number | null;
  /** Pages of its own: written, so that it has an anon_vma. */
  readonly anonymousPages: number | null;
  readonly fork: {
    readonly action: 'copy' | 'refault' | 'wipe' | 'skip';
    readonly why: string;
    readonly tablesKb: number;
  };
  /** The pair it makes with the VMA above; `null`: a hole is there. */
  readonly above: { readonly answer: PairAnswer; readonly rule: string | null; readonly text: string } | null;
}

/** What fork would do on one profile. */
export interface SmapsForkReport {
  readonly profile: string;
  readonly copy: number;
  readonly refault: number;
  /** Resident pages in what is copied. */
  readonly residentPages: number;
  /** Page tables of the child at most; kB. */
  readonly tablesKbAtMost: number;
}
