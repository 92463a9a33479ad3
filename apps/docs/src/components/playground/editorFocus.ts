let awaited = false;

/** Puts the cursor into the editor; where that is still to come, as soon as it is there. */
export function focusEditor(): void {
  const text = document.querySelector<HTMLElement>('.playground .cm-content');
  awaited = text === null;
  if (text) text.focus();
  else document.querySelector('.playground-editor')?.scrollIntoView();
}

/** Whether a reader asked for the cursor before the editor was there; once. */
export function takeAwaitedFocus(): boolean {
  const was = awaited;
  awaited = false;
  return was;
}
