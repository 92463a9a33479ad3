import type { View } from '../picture/view.ts';

/** Percentages of a range within the view. */
export function placer(view: View): (start: number, end: number) => { left: string; width: string } {
  const pages = view.to - view.from;
  return (start, end) => {
    const from = Math.max(start, view.from);
    const to = Math.min(end, view.to);
    return { left: `${((from - view.from) / pages) * 100}%`, width: `${((to - from) / pages) * 100}%` };
  };
}
