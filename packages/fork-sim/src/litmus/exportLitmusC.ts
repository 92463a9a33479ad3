import type { KernelProfile } from 'vma-core';
import { chooseKernelProfile } from 'vma-core/changes';
import { C_FILES, C_INCLUDES } from '../scenario/cPrelude.ts';
import { cStatement } from '../scenario/cStatements.ts';
import { helpersOf } from '../scenario/exportC.ts';
import { formatOpShort } from '../scenario/notation.ts';
import { childStays, ProcessNames } from '../scenario/processNames.ts';
import { ARENA_PAGES, type OpOf } from '../scenario/scenario.ts';
import { cClaim, cResult, cText } from './cClaim.ts';
import { C_CLAIMS } from './cClaims.ts';
import { C_LITMUS_MAIN } from './cMain.ts';
import { C_CALLS, C_PROCESSES, C_STATE } from './cRuntime.ts';
import { formatClaimLine } from './formatLitmus.ts';
import { claimsOf } from './judgeLitmus.ts';
import { type LitmusStep, type LitmusTest, lettersOfStep, type StateClaim } from './litmusTest.ts';

/**
 * A C program, in one file, that performs a litmus file on the running kernel and judges the same claims: those that are about one kernel.
 *
 * It prints a line a claim, `ok`, `FAILS` or `-----` where no program can see it, and what there is where one fails. Exit status: 0 where all
 * that it sees holds, 1 where a claim fails, 2 where it cannot be run, 3 where the kernel is built without what the file needs.
 *
 * @throws ProfileError for an unknown kernel
 */
export function exportLitmusC(test: LitmusTest, kernel: KernelProfile | string): string {
  const profile = typeof kernel === 'string' ? chooseKernelProfile(kernel).profile : kernel;
  const { steps, rules } = claimsOf(test, profile);
  const body = new Body(rules);
  const calls = [
    ...(test.scenario.reserve ? ['  left_out("reserve");'] : []),
    ...steps.map((step, index) => body.step(step, index)),
    `  if (my_turn(${body.storyNumber})) {`,
    ...rules.map((rule) => `    rule_kept(${rule.line}, ${cText(formatClaimLine(rule))});`),
    '    shared->finished = 1;\n    end_step();\n  }',
  ].join('\n');
  const about = [test.title, test.source === null ? '' : `Source: ${test.source}`].filter((line) => line !== '');
  return `${about.map((line) => `// ${line}\n`).join('')}// Performs the litmus file ${test.name.replaceAll(/[^\w .+-]/g, '_')} on the running kernel; its claims are those for ${profile.name}.
// Build and run: cc -Wall -o litmus litmus.c && ./litmus
${C_INCLUDES}
#define PAGES ${test.scenario.span ?? ARENA_PAGES}L
#define SOFT_DIRTY ${test.softDirty ? 1 : 0}
#define FAULT_AROUND ${test.faultAroundPages}
${C_PROCESSES}${C_CALLS}${C_STATE}${C_CLAIMS}${C_FILES}${helpersOf(calls.replaceAll('left_out(', ''))}
static void begin(void);
static void make_calls(void) {
  begin();
  OPEN_FILES;
${calls}
  exit(0);
}
${C_LITMUS_MAIN}`;
}

/** The steps of a program, and who makes them: processes have numbers, in the order in which they are made. */
class Body {
  readonly #names = new ProcessNames();
  readonly #numbers = new Map<string, number>([['parent', 0]]);
  readonly #rules: readonly StateClaim[];
  #made = 0;

  constructor(rules: readonly StateClaim[]) {
    this.#rules = rules;
  }

  /** The number of the process that the story is in. */
  get storyNumber(): number {
    return this.#numberOf(this.#names.story);
  }

  step(step: LitmusStep, index: number): string {
    const { op, line } = step;
    const who = this.#numberOf(op.in ?? this.#names.story);
    const head = `  // line ${line}: ${formatOpShort(op)}\n  if (my_turn(${who}))`;
    if (op.op === 'fork') return `${head} {\n${this.#fork(step, op)}\n  }`;
    const call = cStatement(op, index, (name) => `shared->pids[${this.#numberOf(name)}]`).replace(/^ {2}/gm, '    ');
    return `${head} {\n${[call, ...this.#claims(step, this.#names.story)].join('\n')}\n    end_step();\n  }`;
  }

  #fork(step: LitmusStep, op: OpOf<'fork'>): string {
    const name = this.#names.childOf(op);
    const forker = op.in ?? this.#names.story;
    const number = ++this.#made;
    const how = `${number}, ${childStays(op) ? 1 : 0}, ${op.continueIn === 'child' && op.parentExits ? 1 : 0}`;
    const numbers = new Map(this.#numbers);
    this.#numbers.set(name, number);
    const claims = this.#claims(step, op.continueIn === 'child' ? name : this.#names.story, forker);
    // A child that exits is gone by the next step.
    if (!childStays(op)) restore(this.#numbers, numbers, name);
    this.#names.after(op);
    return `    if (!fork_as(${how})) {\n${[...claims, `    end_fork(${how});`].map((line) => `  ${line}`).join('\n')}\n    }`;
  }

  #claims(step: LitmusStep, story: string, forker: string = story): string[] {
    const letters = lettersOfStep(step.claims);
    const numberOf = (claim: StateClaim): number | null =>
      this.#numbers.get(claim.process ?? (claim.claim.kind === 'forked' ? forker : story)) ?? null;
    return [
      ...step.results.map(cResult),
      ...[...step.claims, ...this.#rules].flatMap((claim) => {
        const number = numberOf(claim);
        return number === null ? [] : [cClaim(claim, number, letters)];
      }),
    ];
  }

  #numberOf(name: string): number {
    return this.#numbers.get(name) ?? 0;
  }
}

function restore(numbers: Map<string, number>, before: ReadonlyMap<string, number>, name: string): void {
  const number = before.get(name);
  if (number === undefined) numbers.delete(name);
  else numbers.set(name, number);
}
