import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { withPolicy } from '../plugins/contentSecurity.ts';
import { EMBED } from '../src/early/embed.ts';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The policy of a page, by directive. */
function policyOf(html: string): ReadonlyMap<string, readonly string[]> {
  const [, policy = ''] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html) ?? [];
  return new Map(
    policy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources] as const;
    }),
  );
}

describe('the content security policy of a page', () => {
  const page = withPolicy(
    '<!doctype html><html><head><meta charset=UTF-8><script>one()</script><script src=/a.js defer></script></head><body><script data-x=1>two()</script></body></html>',
  );

  it('stands before all that it is about, and names the scripts of the page by their hashes, no other', () => {
    expect(page).toMatch(/^<!doctype html><html><head><meta charset=UTF-8><meta http-equiv="Content-Security-Policy"/);
    const scripts = policyOf(page).get('script-src') ?? [];
    expect(scripts).toEqual(expect.arrayContaining([hashOf('one()'), hashOf('two()'), hashOf(EMBED)]));
    for (const unsafe of ["'unsafe-inline'", "'unsafe-eval'"]) expect(scripts).not.toContain(unsafe);
    expect(scripts).not.toContain(hashOf(''));
  });

  it('lets nothing be sent to another host, and nothing be loaded from one', () => {
    for (const [directive, sources] of policyOf(page)) {
      expect([directive, sources.filter((source) => !/^(?:'.*'|data:|blob:)$/.test(source))]).toEqual([directive, []]);
    }
    expect(policyOf(page).get('object-src')).toEqual(["'none'"]);
  });

  it('of the frame of live code lets code be compiled, and nothing be asked for or sent', () => {
    const live = policyOf(withPolicy('<html><head></head></html>', true));
    expect(live.get('script-src')).toContain("'unsafe-eval'");
    for (const directive of ['default-src', 'connect-src', 'worker-src', 'form-action', 'base-uri'])
      expect([directive, live.get(directive)]).toEqual([directive, ["'none'"]]);
    // A frame cannot be taken to another host either.
    expect(policyOf(page).get('frame-src')).toEqual(["'self'"]);
  });

  it('a page without a head is an error', () => {
    expect(() => withPolicy('<p>')).toThrow('without a head');
  });

  // That nothing on a page is against it, each test that opens one would say: the browser puts it on its console.
  it('is on every page of the built site, which has no script that it forbids, and no handler in an attribute', () => {
    const build = fileURLToPath(new URL('../build/', import.meta.url));
    const pages = readdirSync(build, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
    expect(pages.length).toBeGreaterThan(50);
    for (const name of pages) {
      const html = readFileSync(`${build}${name}`, 'utf8');
      const allowed = policyOf(html).get('script-src') ?? [];
      expect([name, allowed.includes("'unsafe-eval'")]).toEqual([name, name.startsWith('live-frame')]);
      const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, text]) =>
        hashOf(text!),
      );
      expect(
        inline.filter((hash) => !allowed.includes(hash)),
        name,
      ).toEqual([]);
      expect(/<[a-z]+[^>]*\son(?:click|load|error)=/.test(html), name).toBe(false);
    }
  });
});
