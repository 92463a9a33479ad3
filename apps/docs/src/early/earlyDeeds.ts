/** What the script in the head of a page keeps until the page's own scripts have come. */
interface EarlyDeeds {
  /** Files that were dropped. */
  files: readonly File[];
  /** Drops are kept here; false: the page takes them itself. */
  takesDrops: boolean;
  /** Does what was done to the controls of a part of the page, which answers now. */
  answer(part: Element): void;
}

declare global {
  interface Window {
    labEarly?: EarlyDeeds;
  }
}

/** Does what a reader did to the controls of a part of the page before they answered. */
export function answerEarlyDeeds(part: Element): void {
  window.labEarly?.answer(part);
}

/** The files that were dropped before the page could take them, once; from now on it takes them itself. */
export function takeEarlyFiles(): readonly File[] {
  const { labEarly } = window;
  if (!labEarly) return [];
  const { files } = labEarly;
  labEarly.files = [];
  labEarly.takesDrops = false;
  return files;
}
