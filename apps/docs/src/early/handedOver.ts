import { takeEarlyFiles } from './earlyDeeds.ts';

let files: readonly File[] = [];

/** Keeps files that were dropped on another page, for the playground to open. */
export function handOver(dropped: readonly File[]): void {
  files = dropped;
}

/** The files that were handed over, or dropped before the page's scripts came, once. */
export function takeHandedOver(): readonly File[] {
  const early = takeEarlyFiles();
  const taken = early.length > 0 ? early : files;
  files = [];
  return taken;
}
