import type { Replay } from '../replay/replay.ts';
import type { NotModelled, ReplayNotes } from '../replay/replayNotes.ts';
import { type Found, found, type WrongAnswer, wrongAnswer } from './found.ts';

/** What was noticed of a process besides the one that is told of, or before an `execve`: it may be why another differs. */
export interface ProcessNotes {
  /** Its pid in the log; `null`: the log names none. */
  readonly pid: number | null;
  /** What it last exec'ed; `null`: not shown. */
  readonly program: string | null;
  readonly notModelled: readonly NotModelled[];
  readonly wrongPlaces: Found<WrongAnswer>;
  readonly wrongResults: Found<WrongAnswer>;
}

/** The notes of every process but the one that is told of that has some, those that are gone too. */
export function processNotes({ processes, past, told }: Replay): ProcessNotes[] {
  const alive = processes
    .filter((process) => process !== told && process.space !== told?.space)
    .map(({ pid, program, space }) => ({ pid, program, notes: space.notes }));
  return [...past, ...alive].filter(({ notes }) => notes.isTroubled).map(notesOf);
}

function notesOf({
  pid,
  program,
  notes,
}: {
  pid: number | null;
  program: string | null;
  notes: ReplayNotes;
}): ProcessNotes {
  return {
    pid,
    program,
    notModelled: [...notes.notModelled.values()],
    wrongPlaces: found(notes.wrongPlaces, wrongAnswer),
    wrongResults: found(notes.wrongResults, wrongAnswer),
  };
}
