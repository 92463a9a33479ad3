/** The address of a step of the story, counted from 0: it holds a picture for those who show previews of links. */
export function storyPath(step: number): string {
  return `/story/step-${step + 1}`;
}

/** The address of a merge of the gallery, by its place on the page. */
export function mergePath(anchor: string): string {
  return `/concepts/gallery/${anchor}`;
}
