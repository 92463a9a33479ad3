/**
 * The end of a link to the playground, behind the site's address: readable lines of the notation, without empty ones. The format is `v0.` of
 * the site's page "Links".
 *
 * @param profile the name of a built-in kernel
 */
export function playgroundLines(profile: string, lines: readonly string[]): string {
  const written = lines.filter((line) => line !== '');
  return `playground#v0.${profile}:${written.map(encodeURIComponent).join(';')}`;
}
