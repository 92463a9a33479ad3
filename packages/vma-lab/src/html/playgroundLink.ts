import { deflateRawSync } from 'node:zlib';

/** Characters of a link at most: programs that pass links on cut longer ones. The playground's own menu has the same bound. */
export const LONGEST_LINK = 65_536;

/** A file that a link carries. */
export interface LinkedFile {
  readonly name: string;
  readonly text: string;
}

/**
 * A link that opens files in the playground, in the format of the site's page "Links": `v1.`, then JSON, deflated, in URL-safe base64. All is
 * behind the `#`, which no browser sends to a server.
 *
 * @param site where the site is, without a slash at the end
 * @returns the link; a number: the characters that it would have, which are too many
 */
export function playgroundLink(site: string, files: readonly LinkedFile[], profile: string): string | number {
  const packed = deflateRawSync(JSON.stringify({ text: '', profile, files }), { level: 9 }).toString('base64url');
  const fragment = `v1.${packed}`;
  return fragment.length > LONGEST_LINK ? fragment.length : `${site}/playground#${fragment}`;
}
