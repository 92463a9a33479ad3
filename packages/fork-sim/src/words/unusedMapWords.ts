/** A map that was given and that no process of the log has: nothing began from it, or was compared with it. */
export interface UnusedMap {
  readonly map: 'initial' | 'final';
  /** Whose map it was said to be. */
  readonly pid: number | 'first';
}

/** Says that a map was not used, in a sentence. */
export function unusedMapSentence({ map, pid }: UnusedMap): string {
  const what = map === 'initial' ? 'nothing began from it' : 'nothing was compared with it';
  return pid === 'first'
    ? `The ${map} map was not used: the log has no process that it would be of; ${what}.`
    : `The ${map} map of pid ${pid} was not used: the log shows no process with this pid; ${what}.`;
}
