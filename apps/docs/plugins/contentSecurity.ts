import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from '@docusaurus/types';
import { PANES_FIRST } from '../src/components/playground/usePanes.ts';
import { EMBED } from '../src/early/embed.ts';

/** Scripts that React puts into the head of the playground, also of a page that a reader comes from; the built page has them shortened. */
const OF_PLAYGROUND = [EMBED, PANES_FIRST];

/**
 * Where a page may take things from: the site itself, and nowhere else. So no code on a page can send anything away.
 *
 * - Scripts: files of the site, and those in the page itself by their hashes. None is compiled from text.
 * - Frames: the site's own, so that live code cannot take its frame to another host.
 * - Styles in the page: React and the editor set them.
 * - Images in the page and in memory: icons, and pictures that are saved.
 *
 * Of a policy in the page a browser takes no `frame-ancestors`, which a server may add: pages of the site may be framed.
 * @param scripts the texts of the page's own scripts
 */
function contentSecurityPolicy(scripts: readonly string[]): string {
  return [
    "default-src 'self'",
    ["script-src 'self'", ...hashesOf([...OF_PLAYGROUND, ...scripts])].join(' '),
    "frame-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    // `data:` and `blob:` are in the page already: nothing leaves it.
    "connect-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}

/** The page in the frames of live code: it compiles code, and reaches nothing but the scripts and styles of the site that draw the result. */
function livePolicy(scripts: readonly string[]): string {
  return [
    "default-src 'none'",
    ["script-src 'self' 'unsafe-eval'", ...hashesOf([...OF_PLAYGROUND, ...scripts])].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'none'",
    "worker-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashesOf(scripts: readonly string[]): ReadonlySet<string> {
  return new Set(scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`));
}

/**
 * A built page with its policy, which stands before everything that it is about.
 * @param live it is the page in the frames of live code
 * @throws Error where the page has no head
 */
export function withPolicy(html: string, live = false): string {
  const scripts = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, text]) => text as string,
  );
  const policy = live ? livePolicy(scripts) : contentSecurityPolicy(scripts);
  const head = /<head[^>]*>(?:\s*<meta charset=[^>]*>)?/.exec(html);
  if (head === null) throw new Error('a page without a head');
  const end = head.index + head[0].length;
  return `${html.slice(0, end)}<meta http-equiv="Content-Security-Policy" content="${policy}">${html.slice(end)}`;
}

/** Gives every built page a content security policy of its own. */
export default function contentSecurity(): Plugin {
  return {
    name: 'content-security',
    async postBuild({ outDir }) {
      for (const name of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
        if (!name.endsWith('.html')) continue;
        const path = join(outDir, name);
        // Others read the pages at the same time: they find one or the other, and never a half.
        writeFileSync(`${path}.new`, withPolicy(readFileSync(path, 'utf8'), name.startsWith('live-frame')));
        renameSync(`${path}.new`, path);
      }
    },
  };
}
