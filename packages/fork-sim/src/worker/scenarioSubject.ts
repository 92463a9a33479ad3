import { InvariantError } from 'vma-core';
import type { Process } from '../process.ts';
import { Arena, type RunOptions } from '../scenario/arena.ts';
import { type ScenarioStep, stepScenario } from '../scenario/runScenario.ts';
import type { Scenario, StepRecord } from '../scenario/scenario.ts';
import type { World } from '../world.ts';
import { NOTHING_SHOWN, type StepShown, type Subject } from './subject.ts';

/** A scenario as it is stepped through. Records of steps are kept, so that going back shows them at once. */
export class ScenarioSubject implements Subject {
  readonly kind = 'scenario';
  readonly name: string;
  readonly length: number;
  readonly #scenario: Scenario;
  readonly #options: RunOptions;
  readonly #records: StepRecord[] = [];
  #steps: Generator<ScenarioStep>;
  #arena: Arena;
  #done = 0;

  constructor(scenario: Scenario, options: RunOptions) {
    this.name = scenario.id;
    this.length = scenario.ops.length;
    this.#scenario = scenario;
    this.#options = options;
    this.#arena = new Arena(scenario, options);
    this.#steps = stepScenario(scenario, options);
  }

  get done(): number {
    return this.#done;
  }

  /** Records of the steps that were carried out so far, from the first one on. */
  get records(): readonly StepRecord[] {
    return this.#records;
  }

  get world(): World {
    return this.#arena.world;
  }

  get current(): Process {
    return this.#arena.current;
  }

  advance(): void {
    const step = this.#steps.next();
    if (step.done) throw new InvariantError('the scenario is at its end');
    this.#arena = step.value.arena;
    this.#records[this.#done++] = step.value.record;
  }

  restart(): void {
    this.#done = 0;
    this.#arena = new Arena(this.#scenario, this.#options);
    this.#steps = stepScenario(this.#scenario, this.#options);
  }

  shown(position: number): StepShown | null {
    if (position === 0) return NOTHING_SHOWN;
    const record = this.#records[position - 1];
    return record === undefined ? null : { record, call: null };
  }
}
