import { C_CHECK, C_HELPERS, C_PRELUDE } from './cPrelude.ts';
import { cStatement } from './cStatements.ts';
import type { Scenario, StepRecord, VmaRecord } from './scenario.ts';

/**
 * A C program that makes the calls of a scenario on the running kernel, shows its own map after each, and compares the last with the
 * model's: exit status 0 where they agree, 1 where they differ, 2 where it could not be run.
 *
 * @param steps what the model did
 * @param profile the name of the kernel that it modelled
 */
export function exportC(scenario: Scenario, steps: readonly StepRecord[], profile: string): string {
  const body = scenario.ops.map(cStatement).join('\n');
  const helpers = Object.entries(C_HELPERS)
    .filter(([word]) => body.includes(`${word}(`) || (word === 'uffd' && body.includes('uffd_')))
    .map(([, text]) => text);
  const vmas = finalVmas(steps);
  const softDirty = vmas.some(([, , , , , flags]) => flags.split(' ').includes('sd'));
  return `// Makes the calls of a scenario on the running kernel, and compares its map with the model's (${profile}).
// Build and run: cc -Wall -o scenario scenario.c && ./scenario
${C_PRELUDE}${helpers.join('')}
#define MODEL "${profile}"
#define MODEL_SOFT_DIRTY ${softDirty ? 1 : 0}
static const struct vma expected[] = {
${vmas.map(([start, end, perms, , , flags]) => `  { ${start}, ${end}, "${perms}", "${flags}" },\n`).join('')}  { 0 },
};
${C_CHECK}
int main(void) {
  int file0 = shared_file("file0"), file1 = shared_file("file1"), file0b = opened_again(file0);
  struct sigaction action = { .sa_handler = on_signal };
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  without_soft_dirty = !MODEL_SOFT_DIRTY || !has_soft_dirty();
  (void)file1, (void)file0b, (void)touch, (void)keep_child, (void)short_child;
${body}
  return check();
}
`;
}

/** The map at the end, of the process in which the story ends. */
function finalVmas(steps: readonly StepRecord[]): readonly VmaRecord[] {
  const last = steps.at(-1);
  if (last === undefined) return [];
  return (last.op.op === 'fork' && last.op.continueIn === 'child' ? last.child : undefined)?.vmas ?? last.vmas;
}
