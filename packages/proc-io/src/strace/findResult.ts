import { CLOSE_PAREN, EQUALS, MINUS, NINE, QUESTION, SPACE, ZERO } from './chars.ts';

/**
 * Where the result of a call begins: the last ` = ` behind a closing parenthesis with a number or `?` behind it.
 * -1 where there is none between `from` and `end`.
 */
export function findResult(text: string, from: number, end: number): number {
  for (let p = end - 2; p > from; p--) {
    if (text.charCodeAt(p) !== EQUALS || text.charCodeAt(p + 1) !== SPACE || text.charCodeAt(p - 1) !== SPACE) continue;
    const first = text.charCodeAt(p + 2);
    if (p + 2 >= end || !((first >= ZERO && first <= NINE) || first === MINUS || first === QUESTION)) continue;
    let before = p - 1;
    while (before > from && text.charCodeAt(before) === SPACE) before--;
    if (text.charCodeAt(before) === CLOSE_PAREN) return p;
  }
  return -1;
}
