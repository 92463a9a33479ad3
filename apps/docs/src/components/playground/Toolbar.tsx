import { type ReactNode, useEffect, useRef, useState } from 'react';
import { OWN } from '../../link/ownKernel.ts';
import { FullScreenButton } from '../FullScreenButton.tsx';
import { Icon, type IconName } from '../Icon.tsx';
import { PlayerButtons, STEP_NAMES } from '../PlayerButtons.tsx';
import { ExampleSelect } from './ExampleSelect.tsx';
import { KernelSelect } from './KernelSelect.tsx';
import type { Player } from './usePlayer.ts';
import type { Share } from './useShare.ts';

interface ToolbarProps {
  readonly share: Share;
  readonly player: Player;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onCompare: () => void;
  readonly onCommands: () => void;
  /** The share menu. */
  readonly children: ReactNode;
}

/**
 * The one row of tools: the player, what is run, and the list of all commands. On a narrow page all but the player and the commands is
 * folded away behind a button, so that the picture comes first.
 */
export function Toolbar(props: ToolbarProps): ReactNode {
  const { share, player, onFiles, onCompare, onCommands, children } = props;
  const { state, change } = share;
  const [folded, setFolded] = useState(true);
  const { index, last, playing, goTo, play } = player;
  const own = state.own ? [OWN] : [];
  return (
    <div className="playground-bar">
      <span className="controls">
        <PlayerButtons
          playing={playing}
          onBack={index > 0 ? () => goTo(index - 1) : undefined}
          onPlay={play}
          onForward={index < last ? () => goTo(index + 1) : undefined}
          names={STEP_NAMES}
        />
        <span className="controls-count">
          {last < 0 ? 0 : index + 1} / {last + 1}
        </span>
        <FullScreenButton />
      </span>
      <span className="bar-group">
        <button type="button" className="lab-button" aria-haspopup="dialog" onClick={onCommands}>
          <Icon name="commands" /> Commands <kbd>/</kbd>
        </button>
        <button
          type="button"
          className="lab-button bar-fold"
          aria-expanded={!folded}
          onClick={() => setFolded(!folded)}
        >
          <Icon name="settings" /> Setup
        </button>
      </span>
      <div className={folded ? 'bar-setup bar-folded' : 'bar-setup'}>
        <ToolButton icon="undo" name="Undo" onClick={share.undo} />
        <ToolButton icon="redo" name="Redo" onClick={share.redo} />
        <ExampleSelect state={state} replace={share.replace} />
        <KernelSelect short value={state.profile} own={own} onChange={(profile) => change({ profile })} />
        <button
          type="button"
          className="lab-button"
          aria-pressed={state.other !== undefined}
          title="Runs the same on a second kernel, side by side"
          onClick={onCompare}
        >
          <Icon name="compare" /> Compare
        </button>
        {state.other !== undefined && (
          <KernelSelect short label="with" value={state.other} own={own} onChange={(other) => change({ other })} />
        )}
        <FileButton onFiles={onFiles} />
        {children}
      </div>
    </div>
  );
}

interface ToolButtonProps {
  readonly icon: IconName;
  readonly name: string;
  /** `null`: there is nothing to do. */
  readonly onClick: (() => void) | null;
}

function ToolButton({ icon, name, onClick }: ToolButtonProps): ReactNode {
  return (
    <button
      type="button"
      className="lab-button"
      title={name}
      disabled={onClick === null}
      onClick={onClick ?? undefined}
    >
      <Icon name={icon} /> <span className="tool-name">{name}</span>
    </button>
  );
}

/** Where files are chosen. It may hold some when it is made: those that came before the page's scripts. */
function FileButton({ onFiles }: Pick<ToolbarProps, 'onFiles'>): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const open = (): void => {
    if (!input.current?.files?.length) return;
    onFiles([...input.current.files]);
    input.current.value = '';
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came before is opened once
  useEffect(open, []);
  return (
    <label className="lab-button file-button">
      <Icon name="open" /> Open a file
      <input ref={input} type="file" multiple onChange={open} />
    </label>
  );
}
