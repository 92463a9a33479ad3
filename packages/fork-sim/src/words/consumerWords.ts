import { type GroupWords, groupText } from './groupWords.ts';
import { countOf, formatCount } from './numbers.ts';

/** What takes VMAs; see `Consumer`. */
export interface ConsumerWords {
  readonly kind: 'group' | 'program' | 'files' | 'rest';
  readonly group: (GroupWords & { readonly atLimit: number | null }) | null;
  readonly vmas: number;
  readonly files: number;
  readonly threadStacks: number;
  readonly made: {
    readonly line: number;
    readonly call: string;
    readonly calls: number;
    readonly stack: readonly { readonly object: string; readonly symbol: string; readonly offset: string }[];
  } | null;
}

/** What takes VMAs, in words: `100 × none 16k + rw 1M (thread stacks)`. */
export function consumerText({ kind, group, files, threadStacks }: ConsumerWords): string {
  switch (kind) {
    case 'program':
      return `the program and its libraries (${countOf(files, 'file')})`;
    case 'files':
      return `other files (${formatCount(files)})`;
    case 'rest':
      return 'others, few of each kind';
    case 'group': {
      if (group === null) return 'VMAs that are alike';
      return `${groupText(group)}${2 * threadStacks > group.count ? ' (thread stacks)' : ''}`;
    }
    default:
      return kind satisfies never;
  }
}

/** Instances from which on a group is one that may grow. */
const GROWING = 4;

/** How a group grows towards the limit: `2 each, full at 32,722`; empty where that says nothing: few, or of different sizes. */
export function growthText({ group }: ConsumerWords): string {
  if (group === null || group.atLimit === null || group.count < GROWING) return '';
  if (group.members.length === 1 && group.members[0]?.bytes.from !== group.members[0]?.bytes.to) return '';
  return `${group.members.length} each, full at ${formatCount(group.atLimit)}`;
}

/** Frames that are named. */
const MAX_FRAMES = 4;
/** What every program calls through: that says nothing of who asked. */
const RUNTIME = /\/(?:libc|libpthread|ld-linux[\w-]*|libstdc\+\+)[-.]/;

/** Who mapped most of it: `line 76 mmap × 110`; empty: it is not known. */
export function makerText({ made }: ConsumerWords): string {
  if (made === null) return '';
  const times = made.calls > 1 ? ` × ${formatCount(made.calls)}` : '';
  return `line ${formatCount(made.line)} ${made.call.split('(')[0]}${times}`;
}

/** From where in the program, the innermost frame first: `pool_new ← worker_start ← main`; empty: the log has no stacks. */
export function stackText({ made }: ConsumerWords): string {
  const stack = made?.stack ?? [];
  const own = stack.filter(({ object }) => !RUNTIME.test(object));
  const frames = (own.length > 0 ? own : stack).slice(0, MAX_FRAMES);
  const names = frames.map(
    ({ object, symbol, offset }) => symbol || `${object.slice(object.lastIndexOf('/') + 1)}${offset}`,
  );
  return names.join(' ← ');
}
