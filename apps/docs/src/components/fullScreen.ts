/** What fills the screen: a player, the picture beside a text, or the playground, which then shows its picture alone. */
const STAGES = '.player, .stage-picture, .playground';

/** Does the picture that an element belongs to fill the screen? */
export function isFullScreen(part: Element | null): boolean {
  return document.fullscreenElement !== null && part?.closest(STAGES) === document.fullscreenElement;
}

/** Makes the picture that an element belongs to fill the screen, with its steps under the arrow keys; or ends that. */
export function toggleFullScreen(part: Element | null): void {
  if (isFullScreen(part)) {
    void document.exitFullscreen();
    return;
  }
  const stage = part?.closest(STAGES);
  stage?.requestFullscreen().then(
    () => stage.querySelector<HTMLElement>('.controls input[type="range"]')?.focus(),
    // The browser says no, and says so itself: all stays as it is.
    () => undefined,
  );
}
