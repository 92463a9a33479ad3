import Link from '@docusaurus/Link';
import { OP_HELP } from 'fork-sim';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type Command, keyName } from './commands.ts';
import { setSingleKeys, singleKeysAct } from './singleKeys.ts';

/** Keys, and what they do. */
type KeyRow = readonly [keys: readonly string[], does: string];

const MAP_KEYS: readonly KeyRow[] = [
  [['←', '→'], 'pan'],
  [['+', '−', '0'], 'zoom in, zoom out, all'],
];

interface HelpDialogProps {
  readonly open: boolean;
  readonly commands: readonly Command[];
  readonly onClose: () => void;
}

/** The keys, and the words of the editor. */
export function HelpDialog({ open, commands, onClose }: HelpDialogProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal();
    if (!open) dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className="help" aria-labelledby="help-title" onClose={onClose}>
      <div className="player-head">
        <h2 id="help-title">Keys and words</h2>
        <button type="button" className="lab-button" onClick={onClose}>
          Close
        </button>
      </div>
      <div className="help-columns">
        <section aria-label="Keys">
          <h3>Anywhere</h3>
          <SingleKeys />
          <Keys
            keys={commands.flatMap(({ key, name }) => (key === undefined ? [] : [[[keyName(key)], name] as const]))}
          />
          <h3>In the map, once it has the focus</h3>
          <Keys keys={MAP_KEYS} />
          <p>The wheel zooms there; with Ctrl it zooms over any map, with Shift it pans. A click chooses a page.</p>
        </section>
        <section aria-label="Words of the editor">
          <h3>In the editor</h3>
          <p>
            One operation a line, or system calls as strace prints them. <code>10+4</code> is four pages from page 10
            on. Hover over a word, or press Ctrl+Space.
          </p>
          <dl className="help-ops">
            {Array.from(OP_HELP, ([name, { form, says }]) => (
              <div key={name}>
                <dt>
                  <code>{form}</code>
                </dt>
                <dd>{says}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
      <p>
        The <Link to="/links">link is the state</Link>. Nothing leaves this browser.
      </p>
    </dialog>
  );
}

/** Turns the keys off that are a character alone. */
function SingleKeys(): ReactNode {
  const [act, setAct] = useState(true);
  useEffect(() => setAct(singleKeysAct()), []);
  return (
    <label>
      <input
        type="checkbox"
        checked={act}
        onChange={({ target }) => {
          setSingleKeys(target.checked);
          setAct(target.checked);
        }}
      />{' '}
      Single letters and <kbd>?</kbd> are keys. Without them, the arrows, Home and End still work.
    </label>
  );
}

function Keys({ keys }: { readonly keys: readonly KeyRow[] }): ReactNode {
  return (
    <ul className="help-keys">
      {keys.map(([names, does]) => (
        <li key={does}>
          {names.map((name) => (
            <kbd key={name}>{name}</kbd>
          ))}{' '}
          {does}
        </li>
      ))}
    </ul>
  );
}
