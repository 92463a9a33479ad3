import type { Verdict } from 'fork-sim/words';
import type { Style } from '../cli/style.ts';

/**
 * A verdict with its sign: a tick only where everything was judged, and is right.
 *
 * @param isBelow what is not right is drawn below
 */
export function drawVerdict({ state, text }: Verdict, style: Style, isBelow = true): string {
  const below = isBelow ? ': see below' : '';
  switch (state) {
    case 'right':
      return `${style.good(style.sign.check)} ${text}`;
    case 'wrong':
      return `${style.bad(style.sign.cross)} ${text}${below}`;
    case 'open':
      return `${style.note('?')} ${text}${below}`;
    case 'none':
      return style.dim(text);
    default:
      return state satisfies never;
  }
}
