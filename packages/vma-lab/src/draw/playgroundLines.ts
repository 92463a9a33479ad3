/**
 * The end of a link to the playground, behind the site's address: lines of the notation, readable, in the format `v0.` of the site's page "Links".
 *
 * @param profile the name of a built-in kernel
 */
export function playgroundLines(profile: string, lines: readonly string[]): string {
  return `playground#v0.${profile}:${lines.map(encodeURIComponent).join(';')}`;
}
