import { type Call, type CallResult, prepareCall } from './call.ts';
import { Machine } from './machine.ts';
import { Outbox } from './outbox.ts';
import { type Break, isLessBreak, type LevelEnd, type Met, type SearchSpace } from './searchSpace.ts';
import { type Asked, asked, type MutableStep, makeSteps, populating, withFresh } from './shardParts.ts';
import { StateTooFar } from './stateSaver.ts';
import { StateHash, StateSet } from './stateSet.ts';
import { StateView } from './stateView.ts';
import { isSame, mostWords, stateLength } from './stateWords.ts';
import { WordLog } from './wordLog.ts';

/** Words before a state in a block that goes to another shard: its hash, half of its parent's hash, its call, its length. */
const HEAD = 5;

/**
 * The states whose hash falls to one of several shards: it calls everything in each of them, level by level, keeps what falls
 * to it and puts the rest into blocks for the others. What is found does not depend on how many shards there are: of
 * several calls that lead to a state in one level the least one counts, by the parent's hash and the call's place.
 */
export class Shard {
  /** Calls made so far. */
  transitions = 0;
  /** States that did not fit into their words. */
  tooFar = 0;
  readonly calls: readonly Call[];
  readonly #space: SearchSpace;
  readonly #machines: readonly Machine[];
  readonly #shard: number;
  readonly #shards: number;
  readonly #set: StateSet;
  readonly #kept: Int32Array[] = [];
  readonly #hash: StateHash = new StateHash();
  readonly #saved: Int32Array;
  readonly #results: CallResult[] = [];
  readonly #properties: readonly Asked[];
  readonly #before: readonly StateView[];
  readonly #steps: readonly MutableStep[];
  readonly #outbox: readonly Outbox[];
  /** First state of each level. */
  readonly #levels: number[] = [0];
  #level: WordLog = new WordLog();
  #nextLevel: WordLog = new WordLog();
  /** States of the level that were expanded, and the length of the last. */
  #expanded = 0;
  #length = 0;
  #found: Break | null = null;
  /** The state that is being added, where states are kept. */
  #candidate: Int32Array = new Int32Array(0);

  constructor(space: SearchSpace, shard = 0, shards = 1) {
    this.#space = space;
    this.#shard = shard;
    this.#shards = shards;
    const populates = space.ops.some(populating);
    const { pages, softDirty, everyBit } = space;
    this.#machines = space.profiles.map((profile) => new Machine(profile, { pages, softDirty, everyBit, populates }));
    const [first] = this.#machines as [Machine];
    this.calls = space.ops.map((op) => withFresh(prepareCall(op, first.file, populates), first, pages));
    this.#set = new StateSet(space.exact ? (state) => this.#isKept(state) : null);
    this.#saved = new Int32Array(HEAD + mostWords(pages) * space.profiles.length);
    this.#properties = space.properties.map(asked);
    this.#before = space.profiles.map(() => new StateView(pages));
    this.#steps = makeSteps(space, this.#before, this.calls[0] as Call);
    this.#outbox = Array.from({ length: shards }, () => new Outbox());
  }

  /** States met so far. */
  get states(): number {
    return this.#set.size;
  }

  /** States of the level that are still to be expanded. */
  get left(): number {
    return this.#level.length - this.#expanded;
  }

  /** Bytes of all states. */
  get byteLength(): number {
    let kept = 0;
    for (const words of this.#kept) kept += words.byteLength + 40;
    const waiting = this.#outbox.reduce((bytes, log) => bytes + log.byteLength, 0);
    return this.#set.byteLength + this.#level.byteLength + this.#nextLevel.byteLength + kept + waiting;
  }

  /** Adds the state of an empty address space, if it falls to this shard. */
  begin(): void {
    const at = HEAD;
    let end = at;
    for (let m = 0; m < this.#machines.length; m++) {
      end += stateLength(this.#saved.fill(0, end), end, this.#space.pages);
    }
    this.#hash.of(this.#saved, at, end);
    if (this.#ownerOf(this.#hash.lo) === this.#shard) this.#met(this.#saved, at, end, 0, 0);
    this.endLevel();
  }

  /** Makes every call in up to a number of states of the level; false where none is left. */
  expand(states: number): boolean {
    const to = Math.min(this.#level.length, this.#expanded + states);
    while (this.#expanded < to) {
      const at = this.#level.next(this.#length);
      const { words } = this.#level;
      this.#length = this.#lengthOf(words, at);
      this.#expandState(words, at, at + this.#length);
      this.#expanded++;
    }
    return this.#expanded < this.#level.length;
  }

  /** Takes states that other shards have met. */
  take(block: Int32Array): void {
    for (let at = 0; at < block.length; ) {
      const length = block[at + 4]!;
      const from = at + HEAD;
      this.#hash.lo = block[at]!;
      this.#hash.hi = block[at + 1]!;
      this.#met(block, from, from + length, block[at + 2]!, block[at + 3]!);
      at = from + length;
    }
  }

  /** What goes to another shard, and is then forgotten here. */
  block(shard: number): Int32Array {
    return this.#outbox[shard]!.empty();
  }

  /** Every state of the level is expanded and has come to where it falls: the next level begins. */
  endLevel(): LevelEnd {
    const states = this.#set.size - this.#levels[this.#levels.length - 1]!;
    this.#levels.push(this.#set.size);
    this.#level = this.#nextLevel;
    this.#nextLevel = new WordLog();
    this.#expanded = 0;
    this.#length = 0;
    for (const outbox of this.#outbox) outbox.forget();
    return { states, found: this.#found };
  }

  /** Every state of a level. */
  *level(level: number): Generator<Met> {
    for (let state = this.#levels[level] ?? 0; state < (this.#levels[level + 1] ?? 0); state++)
      yield this.#metOf(state);
  }

  /** States of a level whose hash has this low half; or, with the high half too, the one. */
  find(level: number, hashLo: number, hashHi?: number): Met[] {
    const met: Met[] = [];
    for (let state = this.#levels[level] ?? 0; state < (this.#levels[level + 1] ?? 0); state++) {
      if (this.#set.hashLo(state) !== hashLo) continue;
      const hi = this.#set.hashHi(state);
      if (hashHi !== undefined && hashHi !== hi) continue;
      met.push(this.#metOf(state));
    }
    return met;
  }

  #metOf(state: number): Met {
    const set = this.#set;
    return {
      hashLo: set.hashLo(state),
      hashHi: set.hashHi(state),
      parent: set.parentOf(state),
      call: set.callOf(state),
    };
  }

  #expandState(words: Int32Array, at: number, end: number): void {
    this.#hash.of(words, at, end);
    const { lo: fromLo, hi: fromHi } = this.#hash;
    const saved = this.#saved;
    const { calls } = this;
    const pair = this.#machines.length > 1;
    this.#readViews(words, at, this.#before);
    this.#load(words, at);
    let changed = false;
    for (let c = 0; c < calls.length; c++) {
      if (changed) for (const machine of this.#machines) machine.restore();
      const to = this.#perform(calls[c]!);
      this.transitions++;
      if (to < 0) {
        changed = true;
        continue;
      }
      const same = isSame(saved, HEAD, to, words, at, end);
      changed = !same || this.#machines[0]!.forked;
      if (same && !pair) {
        this.#checkUnchanged(calls[c]!, c, fromLo, fromHi);
        continue;
      }
      this.#check(calls[c]!, c, fromLo, fromHi);
      if (same) continue;
      this.#hash.of(saved, HEAD, to);
      const owner = this.#ownerOf(this.#hash.lo);
      if (owner === this.#shard) this.#met(saved, HEAD, to, fromLo, c);
      else this.#outbox[owner]!.push(this.#hash, saved, HEAD, to, fromLo, c);
    }
  }

  #load(words: Int32Array, at: number): void {
    let place = at;
    for (const machine of this.#machines) {
      machine.load(words, place);
      place += stateLength(words, place, this.#space.pages);
    }
  }

  /** Makes a call on every machine and saves the states; gives the place after them, or -1 where one does not fit. */
  #perform(call: Call): number {
    let to = HEAD;
    try {
      for (let m = 0; m < this.#machines.length; m++) {
        const machine = this.#machines[m]!;
        this.#results[m] = machine.perform(call);
        to = machine.save(this.#saved, to);
      }
    } catch (error) {
      if (!(error instanceof StateTooFar)) throw error;
      this.tooFar++;
      return -1;
    }
    return to;
  }

  #readViews(words: Int32Array, at: number, views: readonly StateView[]): void {
    let place = at;
    for (const view of views) {
      view.read(words, place);
      place += stateLength(words, place, this.#space.pages);
    }
  }

  /** A call that changed nothing has perhaps not done what it is for. */
  #checkUnchanged(call: Call, c: number, fromLo: number, fromHi: number): void {
    const result = this.#results[0]!;
    const step = this.#steps[0]!;
    const { after } = step;
    step.call = call;
    step.result = result;
    step.counters = this.#machines[0]!.counters;
    step.after = step.before;
    step.changed = 0;
    const properties = this.#properties;
    for (let p = 0; p < properties.length; p++) {
      if (!properties[p]!.ofUnchanged) continue;
      const page = properties[p]!.broken(step);
      if (page >= 0) this.#note({ fromLo, fromHi, call: c, property: p, page, byFork: false });
    }
    step.after = after;
  }

  #check(call: Call, c: number, fromLo: number, fromHi: number): void {
    let place = HEAD;
    for (let m = 0; m < this.#steps.length; m++) {
      const step = this.#steps[m]!;
      step.call = call;
      step.result = this.#results[m]!;
      step.counters = this.#machines[m]!.counters;
      step.after.read(this.#saved, place);
      step.changed = step.after.differing(step.before);
      place += stateLength(this.#saved, place, this.#space.pages);
    }
    const step = this.#steps[0]!;
    const properties = this.#properties;
    for (let p = 0; p < properties.length; p++) {
      const property = properties[p]!;
      const page = property.broken(step);
      if (page >= 0) {
        this.#note({ fromLo, fromHi, call: c, property: p, page, byFork: false });
        return;
      }
      const childs = property.brokenByFork === null ? -1 : property.brokenByFork(step);
      if (childs >= 0) {
        this.#note({ fromLo, fromHi, call: c, property: p, page: childs, byFork: true });
        return;
      }
    }
  }

  /** Keeps the least of what is found, so that it does not depend on the order. */
  #note(found: Break): void {
    if (this.#found === null || isLessBreak(found, this.#found)) this.#found = found;
  }

  /** The state in {@link #hash} was reached. */
  #met(words: Int32Array, from: number, to: number, parentLo: number, call: number): void {
    const { lo, hi } = this.#hash;
    if (this.#space.exact) this.#candidate = words.slice(from, to);
    const state = this.#set.add(lo, hi);
    if (this.#set.isNew) {
      this.#set.setOrigin(state, parentLo, call);
      this.#nextLevel.push(words, from, to);
      if (this.#space.exact) this.#kept.push(this.#candidate);
    } else if (state >= this.#levels[this.#levels.length - 1]!) {
      const parent = this.#set.parentOf(state);
      if (parentLo < parent || (parentLo === parent && call < this.#set.callOf(state))) {
        this.#set.setOrigin(state, parentLo, call);
      }
    }
  }

  #isKept(state: number): boolean {
    const kept = this.#kept[state]!;
    return isSame(kept, 0, kept.length, this.#candidate, 0, this.#candidate.length);
  }

  #ownerOf(hashLo: number): number {
    return this.#shards === 1 ? 0 : (hashLo >>> 20) % this.#shards;
  }

  #lengthOf(words: Int32Array, at: number): number {
    let length = 0;
    for (let m = 0; m < this.#machines.length; m++) length += stateLength(words, at + length, this.#space.pages);
    return length;
  }
}
