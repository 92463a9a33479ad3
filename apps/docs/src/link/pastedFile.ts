import { detectInput } from 'proc-io';
import { programOf } from './program.ts';

/** Characters that the kind of a text is found out by, and that the editor takes. */
const HEAD = 1 << 16;
const MOST_TEXT = 1 << 18;

const NAMES = {
  strace: 'pasted strace log',
  smaps: 'pasted smaps',
  maps: 'pasted maps',
  recording: 'pasted recording',
} as const;

/**
 * A text that is pasted, as the file that it is a copy of: a log, a map or a recording of several lines. `null`: it is text for the editor,
 * which also reads calls as strace prints them, where they are about its arena.
 */
export function pastedFile(text: string): File | null {
  if (text.trim().split('\n', 2).length < 2) return null;
  const kind = detectInput(text.slice(0, HEAD));
  if (!(kind in NAMES)) return null;
  if (kind === 'strace' && text.length <= MOST_TEXT && programOf(text).problems.length === 0) return null;
  return new File([text], NAMES[kind as keyof typeof NAMES]);
}
