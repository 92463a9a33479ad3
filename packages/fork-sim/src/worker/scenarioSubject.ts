import { InvariantError } from 'vma-core';
import type { Process, World } from '../process/process.ts';
import { Arena, type RunOptions } from '../scenario/arena.ts';
import { type ScenarioStep, stepScenario } from '../scenario/runScenario.ts';
import type { Scenario, StepRecord } from '../scenario/scenario.ts';
import type { StepShown } from './forkSimApi.ts';
import { NOTHING_SHOWN, type Subject } from './subject.ts';

/** A scenario as it is stepped through. */
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
    this.#steps = stepScenario(scenario, options, this.#arena);
  }

  get done(): number {
    return this.#done;
  }

  /** Records of the steps that were carried out so far, from the first one on. */
  get records(): readonly StepRecord[] {
    return this.#records;
  }

  get kernel(): string {
    return this.world.profile.name;
  }

  get world(): World {
    return this.#arena.world;
  }

  get current(): Process {
    return this.#arena.current;
  }

  advance(): void {
    if (this.#done === this.length) throw new InvariantError('the scenario is at its end');
    this.#done++;
    const step = this.#steps.next();
    if (!step.done) this.#records.push(step.value.record);
  }

  restart(): void {
    this.#done = 0;
    this.#records.length = 0;
    this.#arena = new Arena(this.#scenario, this.#options);
    this.#steps = stepScenario(this.#scenario, this.#options, this.#arena);
  }

  contextOf(): null {
    return null;
  }

  get shown(): StepShown {
    return this.#done === 0 ? NOTHING_SHOWN : { ...NOTHING_SHOWN, record: this.#records[this.#done - 1] ?? null };
  }
}
