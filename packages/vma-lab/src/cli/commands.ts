import { checkCommand } from '../commands/check.ts';
import { completionCommand } from '../commands/completion.ts';
import { conformCommand } from '../commands/conform.ts';
import { decideCommand } from '../commands/decide.ts';
import { diffCommand } from '../commands/diff.ts';
import { fmtCommand } from '../commands/fmt.ts';
import { forkCommand } from '../commands/fork.ts';
import { litmusCommand } from '../commands/litmus.ts';
import { recordCommand } from '../commands/record.ts';
import { replayCommand } from '../commands/replay.ts';
import { reportCommand } from '../commands/report.ts';
import { runCommand } from '../commands/run.ts';
import { smapsCommand } from '../commands/smaps.ts';
import { verifyCommand } from '../commands/verify.ts';
import { whatIfCommand } from '../commands/whatIf.ts';
import { whyCommand } from '../commands/why.ts';
import type { CommandRow } from './commandRow.ts';

const ROWS: readonly CommandRow[] = [
  reportCommand,
  whyCommand,
  whatIfCommand,
  forkCommand,
  recordCommand,
  diffCommand,
  replayCommand,
  smapsCommand,
  verifyCommand,
  runCommand,
  litmusCommand,
  fmtCommand,
  checkCommand,
  decideCommand,
  conformCommand,
];

/** Every command, in the order of the help. A new command is one file in `commands/` and one row above. */
export const COMMANDS: readonly CommandRow[] = [...ROWS, completionCommand(ROWS)];
