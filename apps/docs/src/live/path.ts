/** The way down from an element to one within it: which child, and which child of that. */
export type Path = readonly number[];

/** The way from `root` to `element`; `null`: it is not within. */
export function pathTo(root: Element, element: Element): Path | null {
  const path: number[] = [];
  for (let at: Element | null = element; at !== root; at = at.parentElement) {
    if (!at?.parentElement) return null;
    path.unshift([...at.parentElement.children].indexOf(at));
  }
  return path;
}

/** The element at the end of a way; `null`: there is none. */
export function elementAt(root: Element, path: Path): Element | null {
  let at: Element | undefined = root;
  for (const index of path) at = at?.children[index];
  return at ?? null;
}
