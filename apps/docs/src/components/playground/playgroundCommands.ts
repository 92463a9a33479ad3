import type { ShareState } from '../../link/shareLink.ts';
import { toggleFullScreen } from '../fullScreen.ts';
import type { Command } from './commands.ts';
import { EMPTY_STATE } from './scenarioStates.ts';
import { PANES, type Panes } from './usePanes.ts';
import type { Player } from './usePlayer.ts';
import { focusEditor } from './usePlaygroundKeys.ts';
import type { Share } from './useShare.ts';
import type { Zoom } from './zoomOf.ts';

/** What the commands of the playground act on. */
interface CommandTargets {
  readonly share: Share;
  readonly player: Player;
  readonly zoom: Zoom;
  readonly panes: Panes;
  /** A file is shown, whose view has keys of its own. */
  readonly isFile: boolean;
  readonly onStepField: () => void;
  readonly onHelp: () => void;
  readonly onCommands: () => void;
}

/** Every command of the playground, with its key: buttons, keys, the list of commands and the help all take them from here. */
export function playgroundCommands(targets: CommandTargets): readonly Command[] {
  const always: Command[] = [
    { id: 'help', name: 'Keys and words', group: 'Help', key: '?', run: targets.onHelp },
    { id: 'commands', name: 'All commands', group: 'Help', key: '/', run: targets.onCommands },
  ];
  if (targets.isFile) return always;
  return [
    ...stepCommands(targets),
    ...editCommands(targets),
    ...kernelCommands(targets),
    ...viewCommands(targets),
    ...always,
  ];
}

function stepCommands({ player, onStepField }: CommandTargets): Command[] {
  const { index, last, playing, goTo } = player;
  const none = last < 0 ? 'there is no step' : undefined;
  const jump = (name: string, key: string, steps: readonly number[], run: () => void): Command => ({
    id: `next-${name}`,
    name: `Next ${name}`,
    group: 'Steps',
    key,
    off: steps.length === 0 ? `no ${name} in this run` : undefined,
    run,
  });
  return [
    {
      id: 'back',
      name: 'Step back',
      group: 'Steps',
      key: 'ArrowLeft',
      off: none ?? (index <= 0 ? 'this is the first step' : undefined),
      run: () => goTo(index - 1),
    },
    {
      id: 'forward',
      name: 'Step forward',
      group: 'Steps',
      key: 'ArrowRight',
      off: none ?? (index >= last ? 'this is the last step' : undefined),
      run: () => goTo(index + 1),
    },
    { id: 'first', name: 'First step', group: 'Steps', key: 'Home', off: none, run: () => goTo(0) },
    { id: 'last', name: 'Last step', group: 'Steps', key: 'End', off: none, run: () => goTo(last) },
    { id: 'play', name: playing ? 'Pause' : 'Play', group: 'Steps', key: 'p', off: none, run: player.play },
    { id: 'go-to', name: 'Go to a step by its number', group: 'Steps', key: 'g', off: none, run: onStepField },
    jump('merge', 'm', player.merges, player.nextMerge),
    jump('refusal', 'r', player.refusals, player.nextRefusal),
    jump('difference', 'd', player.differing, player.nextDifference),
  ];
}

function editCommands({ share, panes }: CommandTargets): Command[] {
  const group = 'Edit';
  return [
    {
      id: 'undo',
      name: 'Undo',
      group,
      key: 'u',
      off: share.undo ? undefined : 'nothing was edited',
      run: () => share.undo?.(),
    },
    {
      id: 'redo',
      name: 'Redo',
      group,
      key: 'U',
      off: share.redo ? undefined : 'nothing was undone',
      run: () => share.redo?.(),
    },
    {
      id: 'editor',
      name: 'Into the editor; Escape leaves it',
      group,
      key: 'e',
      run: () => {
        if (!panes.isOpen('editor')) panes.toggle('editor');
        focusEditor();
      },
    },
    { id: 'afresh', name: 'Start afresh', group, run: () => share.replace(EMPTY_STATE) },
  ];
}

function kernelCommands({ share: { state, change, replace } }: CommandTargets): Command[] {
  const group = 'Kernel';
  return [
    {
      id: 'compare',
      name: state.other === undefined ? 'Compare with a second kernel' : 'Show one kernel alone',
      group,
      key: 'c',
      run: () => replace(compared(state)),
    },
    {
      id: 'soft-dirty',
      name: state.softDirty ? 'Build it without soft-dirty' : 'Build it with soft-dirty',
      group,
      run: () => change({ softDirty: !state.softDirty }),
    },
  ];
}

/** The state with a second kernel, or without it where it has one. */
export function compared(state: ShareState): ShareState {
  const { other, ...alone } = state;
  return other === undefined ? { ...alone, other: state.profile === '6.18' ? '6.19' : '6.18' } : alone;
}

function viewCommands({ panes, zoom }: CommandTargets): Command[] {
  const group = 'View';
  return [
    ...PANES.map(({ pane, name }) => ({
      id: `pane-${pane}`,
      name: `${panes.isOpen(pane) ? 'Close' : 'Open'} the ${name}`,
      group,
      run: () => panes.toggle(pane),
    })),
    {
      id: 'full-screen',
      name: 'Fill the screen with the picture, or leave it',
      group,
      run: () => toggleFullScreen(document.querySelector('.playground')),
    },
    { id: 'zoom-in', name: 'Zoom in', group, run: () => zoom.zoom(0.6) },
    {
      id: 'zoom-out',
      name: 'Zoom out',
      group,
      off: zoom.zoomed ? undefined : 'all is in view',
      run: () => zoom.zoom(1.7),
    },
    {
      id: 'zoom-all',
      name: 'Show all pages',
      group,
      off: zoom.zoomed ? undefined : 'all is in view',
      run: zoom.all,
    },
  ];
}
