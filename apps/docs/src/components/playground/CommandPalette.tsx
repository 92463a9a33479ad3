import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { type Command, keyName, matching } from './commands.ts';

interface CommandPaletteProps {
  readonly open: boolean;
  readonly commands: readonly Command[];
  readonly onClose: () => void;
}

/** The list of all commands with their keys: typed letters narrow it down, arrow keys choose, Enter does it. */
export function CommandPalette({ open, commands, onClose }: CommandPaletteProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  useEffect(() => {
    if (open && !dialog.current?.open) {
      setTyped('');
      setAt(0);
      dialog.current?.showModal();
    }
    if (!open) dialog.current?.close();
  }, [open]);
  const shown = open ? matching(commands, typed) : [];
  const chosen = shown[Math.min(at, shown.length - 1)];
  const optionId = (command: Command): string => `${id}-${command.id}`;
  useEffect(() => {
    if (chosen) document.getElementById(`${id}-${chosen.id}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, chosen]);
  const run = (command: Command | undefined): void => {
    if (!command || command.off !== undefined) return;
    // Closed first: what it opens takes the focus.
    dialog.current?.close();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (by !== undefined) setAt(Math.max(0, Math.min(shown.length - 1, at + by)));
    else if (event.key === 'Enter') run(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} className="palette" aria-label="All commands" onClose={onClose}>
      <input
        type="text"
        role="combobox"
        aria-label="Find a command"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen ? optionId(chosen) : undefined}
        placeholder="Find a command"
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} className="palette-list" role="listbox" aria-label="Commands">
        {shown.map((command, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
          <div
            key={command.id}
            id={optionId(command)}
            role="option"
            tabIndex={-1}
            aria-selected={command === chosen}
            aria-disabled={command.off !== undefined}
            className="palette-row"
            onPointerMove={() => setAt(place)}
            onClick={() => run(command)}
          >
            <span className="palette-group">{command.group}</span>
            <span className="palette-name">
              {command.name}
              {command.off !== undefined && <span className="palette-off"> ({command.off})</span>}
            </span>
            {command.key !== undefined && <kbd>{keyName(command.key)}</kbd>}
          </div>
        ))}
      </div>
      {open && shown.length === 0 && (
        <p className="palette-none" role="status">
          No command has these words.
        </p>
      )}
    </dialog>
  );
}
