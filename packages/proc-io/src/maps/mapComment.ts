/** What somebody wrote behind a line of a map: blanks set it off from a name. */
const BEHIND =
  /(?:(?<![ \t])(?: {2,}|[ ]?\t[ \t]*)(?:[;#(^\u2190]|\/\/|\/\*|<[-=<]|--|=>)|(?<!\s)\s<(?:--|==)|(?<!\s)\s[;#]\s(?!.*(?:\]|\(deleted\))$)).*$/;
/** The same where the mapping has no name. */
const ALONE = /^(?:[;#^\u2190]|\/\/(?:\s|$)|\/\*|<[-=<]|--).*$/;

/** A name, a number or flags without the remark behind them. */
export function withoutComment(text: string): string {
  if (!/[;#(^\u2190/<=-]/.test(text)) return text;
  return text.replace(ALONE, '').replace(BEHIND, '').trimEnd();
}
