/** A copy that does not keep the whole chunk alive that the text was cut from. */
export function detach(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1);
}
