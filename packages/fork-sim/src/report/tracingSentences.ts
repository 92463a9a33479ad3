import type { ReplayNotes } from '../replay/replayNotes.ts';
import type { TracingSeen } from '../replay/tracingSeen.ts';

/** What a log was recorded without, and what is uncertain for it, in sentences. */
export function tracingSentences(tracing: TracingSeen, { taken }: ReplayNotes): string[] {
  const sentences: string[] = [];
  const { threadNotFollowed, mappingsAlone, execHidden } = tracing;
  if (threadNotFollowed > 0) {
    sentences.push(
      `Line ${threadNotFollowed} starts a thread, and no line of the log has a pid: what threads did is not in it, and the map is uncertain from there on. strace -f follows them.`,
    );
  }
  if (execHidden > 0) {
    sentences.push(
      `Line ${execHidden} shows that a program began whose execve is not in the log: calls that make processes were not traced, so which process is whose is taken from addresses. strace -e trace=%memory,%process has them.`,
    );
  }
  if (mappingsAlone > 0) {
    sentences.push(
      `The log has ${mappingsAlone} mmap and no munmap, mprotect, mremap or brk: probably they were not traced, and what the log left mapped, and how, is uncertain. strace -e trace=%memory has them.`,
    );
  }
  const [first] = taken.examples;
  if (first !== undefined) {
    const times = taken.count > 1 ? ` (${taken.count} such lines)` : '';
    sentences.push(
      `Line ${first.line} was given addresses that are still mapped in the model${times}: the log does not have the call that unmapped them, so other calls may be missing too.`,
    );
  }
  return sentences;
}
