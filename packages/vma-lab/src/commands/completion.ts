import type { CommandRow } from '../cli/commandRow.ts';
import { completionScript, type Shell } from '../cli/completion.ts';
import { EXIT_OK } from '../cli/exitStatus.ts';
import { UsageError } from '../cli/usageError.ts';

const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish'];

/** `vma-lab completion`, of these commands and itself. */
export function completionCommand(others: readonly CommandRow[]): CommandRow {
  const own: CommandRow = {
    name: 'completion',
    summary: 'Complete commands and options in bash, zsh or fish.',
    prints: 'Prints a script for the shell, to be sourced.',
    operands: [['<shell>', SHELLS.join(', ')]],
    options: [],
    examples: `vma-lab completion bash > ~/.local/share/bash-completion/completions/vma-lab
source <(vma-lab completion zsh)
vma-lab completion fish | source`,
    run: async ([name], _options, io) => {
      const shell = SHELLS.find((one) => one === name);
      if (shell === undefined)
        throw new UsageError(`there are completions for ${SHELLS.join(', ')}; not for "${name}"`);
      await io.out(completionScript(shell, [...others, own]));
      return EXIT_OK;
    },
  };
  return own;
}
