import type { AdviceName } from 'vma-core';

/**
 * What a mapping of a scenario is backed by. `file0b` is `file0` opened again, `file0r` is it opened for reading alone, and `memfd0` is a memfd,
 * which may be sealed.
 */
export type Backing = 'anon' | 'file0' | 'file1' | 'file0b' | 'file0r' | 'memfd0' | 'sysv';

/** An open file of a scenario that may be written to. */
export type FileName = Exclude<Backing, 'anon' | 'file0r' | 'sysv'>;

/** What a userfaultfd is registered for. */
export type UffdModeName = 'wp' | 'missing' | 'wp+missing' | 'rwp';

/** Fields that are true, false or absent. */
type Flags<Name extends string> = { readonly [Field in Name]?: boolean };

/** Features that count when the userfaultfd is opened, which is at its first use. */
export type UffdFeatures = Flags<'eventFork' | 'eventRemap' | 'unpopulated' | 'async' | 'rwp'>;

/** A range, in pages relative to the arena's base. */
interface Range {
  readonly page: number;
  readonly pages: number;
}

/** A range of a vector: first page, pages. */
export type PageRange = readonly [page: number, pages: number];

/** Which of a process's userfaultfds, 0 to 3. */
type OfUffd = UffdFeatures & { readonly uffd?: number };

/** Where an operation runs: the name of a process. Absent: the process that the story is in. */
interface InProcess {
  readonly in?: string;
}

/** The fields of each operation; meanings and defaults are those of `conformance/recordings/FORMAT.md` and `FORMAT2.md`. */
export interface OpFields {
  readonly mmap: {
    readonly page?: number;
    readonly pages: number;
    readonly prot: string;
    readonly backing?: Backing;
    readonly pgoff?: number;
    readonly hint?: number;
  } & Flags<
    'shared' | 'noreserve' | 'locked' | 'populate' | 'growsdown' | 'stack' | 'droppable' | 'noreplace' | 'anywhere'
  >;
  readonly munmap: Range;
  readonly mprotect: Range & { readonly prot: string };
  readonly madvise: Range & { readonly advice: AdviceName };
  /** `process_madvise` with a vector; `of`: the name of another process whose memory it is. Format 2. */
  readonly process_madvise: {
    readonly ranges: readonly PageRange[];
    readonly advice: AdviceName;
    readonly of?: string;
  };
  readonly touch: {
    readonly page: number;
    readonly pages?: number;
    readonly stride?: number;
    readonly access: 'read' | 'write';
  };
  readonly fork: { readonly continueIn?: 'child'; readonly as?: string } & Flags<'childLives' | 'parentExits'>;
  readonly mremap: Range & { readonly newPage?: number; readonly newPages: number } & Flags<'mayMove' | 'dontUnmap'>;
  readonly mlock: Range;
  readonly mlock2: Range;
  readonly munlock: Range;
  readonly mseal: Range;
  readonly setname: Range & { readonly name?: string };
  readonly clear_refs: { readonly value: number };
  readonly uffd_register: Range & OfUffd & { readonly mode: UffdModeName };
  readonly uffd_unregister: Range & OfUffd;
  readonly uffd_wp: Range & OfUffd & { readonly on: boolean };
  readonly uffd_rwp: Range & OfUffd & { readonly on: boolean };
  readonly uffd_copy: Range & OfUffd & { readonly wp?: boolean };
  readonly uffd_zero: Range & OfUffd & { readonly wp?: boolean };
  readonly uffd_close: OfUffd;
  readonly set_brk: { readonly page: number };
  readonly brk: { readonly page: number; readonly bytes?: number };
  readonly rlimit_stack: { readonly pages: number };
  /** Pages are those of the file, not of the arena. */
  readonly truncate: { readonly file: FileName; readonly size: number };
  readonly punch: Range & { readonly file: FileName };
  /** `by` what: F_SEAL_FUTURE_WRITE, which is what absent means, or F_SEAL_WRITE. */
  readonly seal: { readonly file: 'memfd0'; readonly by?: 'future' | 'write' };
  readonly fill_maps: { readonly slack: number };
}

/** The name of an operation. */
export type OpName = keyof OpFields;

/** The operation of one name. */
export type OpOf<Name extends OpName> = { readonly op: Name } & OpFields[Name] & InProcess;

/** One operation of a scenario. */
export type Op = { readonly [Name in OpName]: OpOf<Name> }[OpName];

/** A part of the arena that is looked at page by page: name, first page, pages. */
export type Window = readonly [name: string, firstPage: number, pages: number];

/** A sequence of operations that starts in an empty arena. */
export interface Scenario {
  readonly id: string;
  readonly tags?: readonly string[];
  readonly note?: string;
  readonly ops: readonly Op[];
  /** Format 2: parts to look at; absent: the 64 pages of the arena. */
  readonly windows?: readonly Window[];
  /** Format 2: pages of the arena. */
  readonly span?: number;
  /** Format 2: everything outside the arena is mapped. */
  readonly reserve?: boolean;
}

/** A VMA as recorded: start, end (exclusive), perms, pgoff (0 for anonymous), backing, VmFlags, and a name where there is one. */
export type VmaRecord = readonly [number, number, string, number, string, string, ...string[]];

/** One value for each window, or one for the whole arena where there are none. */
export type PerWindow = string | { readonly [window: string]: string };

/** The state of an address space, as recorded. `wp` and `pt` are format 2's. */
export interface StateRecord {
  readonly vmas: readonly VmaRecord[];
  /** One character a page: see FORMAT.md. */
  readonly pages: PerWindow;
  /** Soft-dirty bits, hexadecimal, the highest page first. */
  readonly sd: PerWindow;
  /** Write-protect bits, in the same form. */
  readonly wp?: PerWindow;
  /** Page-table memory of the arena; kB. */
  readonly pt?: number;
}

/** What one operation did, and the state after it. */
export interface StepRecord extends StateRecord {
  readonly op: Op;
  /** `ok`, or the name of the error or signal. */
  readonly res: string;
  /** Where a mapping landed: a page. */
  readonly at?: number | 'outside';
  readonly faults?: string;
  readonly vals?: readonly (number | null)[];
  readonly child?: StateRecord;
  readonly brk?: readonly [page: number, bytes: number];
  readonly open?: false;
  readonly done?: number;
}

/** Pages of an arena without windows. */
export const ARENA_PAGES = 64;
/** Address of page 0, as recorded. */
export const ARENA_BASE = 0x2000_0000_0000;
/** Pages of `file0` and `file1`. */
export const FILE_PAGES = 256;
