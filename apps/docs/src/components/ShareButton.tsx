import { type ReactNode, useState } from 'react';

/** Copies a link to what is shown. `path` begins with the site's own path. */
export function ShareButton({ path }: { readonly path: string }): ReactNode {
  const [said, setSaid] = useState<{ readonly path: string; readonly text: string } | null>(null);
  const say = (text: string) => (): void => setSaid({ path, text });
  return (
    <>
      <button
        type="button"
        className="lab-button"
        onClick={() => {
          const link = new URL(path, window.location.href).href;
          navigator.clipboard
            .writeText(link)
            .then(say('Link copied.'), say(`The browser does not let pages copy. The link is ${link}`));
        }}
      >
        Share exactly this
      </button>{' '}
      <span className="share-said" role="status">
        {said?.path === path ? said.text : ''}
      </span>
    </>
  );
}
