import { C_CHECK, C_FILES, C_PRELUDE } from './cPrelude.ts';
import { C_FINISH, C_HELPERS, C_MAIN } from './cProgram.ts';
import { cStatement } from './cStatements.ts';
import { cSteps } from './cSteps.ts';
import { ARENA_PAGES, type Scenario, type StepRecord } from './scenario.ts';

/**
 * A C program that makes the calls of a scenario on the running kernel and, at every step, compares with the model: results, where
 * mappings land, signals, bytes read, and the maps of the process and of the child that a fork made.
 *
 * Exit status 0 where all agree, 1 where something differs, 2 where not all could be compared: a call that the export cannot
 * write, or that this machine does not allow.
 *
 * @param steps what the model did: one record for each operation
 * @param profile the name of the kernel that it modelled
 */
export function exportC(scenario: Scenario, steps: readonly StepRecord[], profile: string): string {
  const body = [
    ...(scenario.reserve ? ['  // reserve: not written by this export\n  left_out_at = 0;'] : []),
    ...scenario.ops.map((op, index) => cStatement(op, index)),
  ].join('\n');
  const model = profile.replaceAll(/[^\w .+-]/g, '_');
  const softDirty = steps.some(({ vmas }) => vmas.some(([, , , , , flags]) => flags.split(' ').includes('sd')));
  return `// Makes the calls of a scenario on the running kernel, and compares each step with the model (${model}).
// Build and run: cc -Wall -o scenario scenario.c && ./scenario
${C_PRELUDE}
#define PAGES ${scenario.span ?? ARENA_PAGES}L
#define MODEL "${model}"
#define MODEL_SOFT_DIRTY ${softDirty ? 1 : 0}
${cSteps(steps)}${C_CHECK}${C_FILES}${helpersOf(body)}${C_FINISH}
static void make_calls(void) {
  OPEN_FILES;
  struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  without_soft_dirty = !MODEL_SOFT_DIRTY || !has_soft_dirty();
${body}
  finish();
}
${C_MAIN}`;
}

/** The functions that a program's statements call. */
export function helpersOf(body: string): string {
  return C_HELPERS.filter(({ words }) => words.some((word) => body.includes(`${word}(`)))
    .map(({ text }) => text)
    .join('');
}
