import { type LitmusTest, litmusTest, type Program, type Scenario, type Trace, traceScenario } from 'fork-sim';
import type { KernelProfile } from 'vma-core';
import { OWN, ownKernel } from './ownKernel.ts';
import { programOf } from './program.ts';
import type { ShareState } from './shareLink.ts';

/** What is to be run: one scenario, on one kernel or two. */
export interface TraceRequest {
  readonly scenario: Scenario;
  readonly profiles: readonly (KernelProfile | string)[];
  readonly softDirty: boolean;
  /** Pages. */
  readonly faultAroundPages: number;
}

/** The part of a state that says what is run. */
export type RunState = Pick<ShareState, 'text' | 'profile' | 'other' | 'softDirty' | 'own'>;

/** What a state asks for; `error`: its own kernel cannot be. */
export function traceRequest(
  state: RunState,
  program: Program = programOf(state.text),
): { readonly request: TraceRequest } | { readonly error: string } {
  const profiles: (KernelProfile | string)[] = [];
  for (const name of [state.profile, ...(state.other === undefined ? [] : [state.other])]) {
    if (name !== OWN) {
      profiles.push(name);
      continue;
    }
    const made = state.own ? ownKernel(state.own) : { error: 'there is no kernel of your own in this link' };
    if ('error' in made) return made;
    profiles.push(made.profile);
  }
  const { softDirty, faultAroundPages } = settingsOf(program);
  return {
    request: { scenario: program.scenario, profiles, softDirty: state.softDirty || softDirty, faultAroundPages },
  };
}

/** What the header lines of the text say of its kernel. */
function settingsOf({ litmus, scenario }: Program): Pick<LitmusTest, 'softDirty' | 'faultAroundPages'> {
  return litmus === null ? { softDirty: false, faultAroundPages: 1 } : litmusTest(litmus, scenario.id);
}

/** Runs a request where it stands: for the first frame, which is in the HTML. */
export function traceHere({ scenario, profiles, softDirty, faultAroundPages }: TraceRequest): Trace[] {
  return profiles.map((profile) => traceScenario(scenario, { profile, softDirty, faultAroundPages }));
}
