import { InputError, parseSmaps, type ReadArgs } from 'proc-io';
import { NO_VMA } from 'vma-core';
import type { ReplaySpace } from '../replay/replaySpace.ts';
import { compareMaps, rowsOfSmaps } from './compareMaps.ts';
import { type MapRow, mapRow } from './vmaRow.ts';

/** What was read of a map, and what the model had there at that moment. */
export interface MapPart {
  readonly real: readonly MapRow[];
  readonly model: readonly MapRow[];
  /** Strace has cut off some of what was read. */
  readonly cut: boolean;
  /** Lines that are no lines of a map. */
  readonly unreadable: boolean;
  /** The program read on to the end. */
  readonly ended: boolean;
}

/** The first line of a mapping. */
const HEAD = /^[0-9a-f]+-[0-9a-f]+ /gm;

/**
 * One reading of a map from some place on, read after read, each compared with the model's map at that moment.
 *
 * The kernel writes whole mappings (`seq_read_iter()`, 6.18): what does not fit into a read comes with the next one, and is older than that.
 */
export class MapStream {
  readonly #space: ReplaySpace;
  readonly #isSmaps: boolean;
  readonly #real: MapRow[] = [];
  readonly #model: MapRow[] = [];
  /** Where in the file the next read begins; bytes. */
  pos: number;
  /** The text that is not compared yet begins at the beginning of a line. */
  #atLine: boolean;
  #text = '';
  /** Address up to which the map was compared; `null`: something was left out before what comes next. */
  #to: number | null;
  /** The mapping that the kernel may have written before the next read. */
  #held: MapRow | undefined = undefined;
  #cut = false;
  #unreadable = false;
  #ended = false;

  /** @param pos where it begins in the file; bytes */
  constructor(space: ReplaySpace, isSmaps: boolean, pos: number) {
    this.#space = space;
    this.#isSmaps = isSmaps;
    this.pos = pos;
    this.#atLine = pos === 0;
    this.#to = pos === 0 ? 0 : null;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Something was read. */
  get begun(): boolean {
    return this.#cut || this.#unreadable || this.#text !== '' || this.#real.length > 0;
  }

  /** @param bytes that the read returned; 0: the end */
  read({ data, count }: ReadArgs, bytes: number): void {
    this.pos += bytes;
    this.#ended = bytes === 0;
    this.#text += data.text;
    const isCut = bytes > data.text.length;
    // A read that returns less than was asked for has taken all that was written: whole mappings.
    const isWhole = bytes < count;
    this.#compare(isWhole && !isCut);
    if (isCut) {
      this.#cut = true;
      this.#text = '';
      this.#to = null;
      this.#atLine = isWhole;
    }
    this.#held = isWhole ? undefined : this.#rows(this.#to ?? 0, Number.POSITIVE_INFINITY, 1)[0];
  }

  /** All that was read so far. */
  get part(): MapPart {
    const [cut, unreadable, ended] = [this.#cut, this.#unreadable, this.#ended];
    return { real: this.#real, model: this.#model, cut, unreadable, ended };
  }

  /** Compares the whole mappings that are there. */
  #compare(isWhole: boolean): void {
    const text = this.#take(isWhole);
    const real = text === '' ? [] : this.#parse(text);
    const last = real.at(-1);
    if (last === undefined && !this.#ended) return;
    const from = this.#to ?? real[0]?.start;
    if (from === undefined) return;
    const to = this.#ended ? Number.POSITIVE_INFINITY : (last?.end ?? from);
    const [held, first] = [this.#held, real[0]];
    const isHeld = held !== undefined && first !== undefined && compareMaps([first], [held]).differing === 0;
    const model = isHeld ? [held, ...this.#rows(held.end, to)] : this.#rows(from, to);
    for (const row of model) if (row.start !== this.#model.at(-1)?.start) this.#model.push(row);
    this.#real.push(...real);
    this.#to = last?.end ?? from;
  }

  /** Takes the lines of whole mappings from the text. */
  #take(isWhole: boolean): string {
    if (!this.#atLine) {
      const newline = this.#text.indexOf('\n');
      if (newline < 0) return '';
      this.#text = this.#text.slice(newline + 1);
      this.#atLine = true;
    }
    let end = isWhole ? this.#text.length : this.#text.lastIndexOf('\n') + 1;
    // The lines of a mapping that follow may be still to come.
    if (this.#isSmaps && !isWhole) end = [...this.#text.slice(0, end).matchAll(HEAD)].at(-1)?.index ?? 0;
    const text = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    return text;
  }

  #parse(text: string): MapRow[] {
    try {
      const { entries, addressBits } = parseSmaps(text);
      if (addressBits === 64) return rowsOfSmaps(entries);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
    this.#unreadable = true;
    this.#to = null;
    return [];
  }

  /** The model's VMAs that have a page in `[from, to)`. */
  #rows(from: number, to: number, most: number = Number.POSITIVE_INFINITY): MapRow[] {
    const { process, shownFlags } = this.#space;
    const { mm } = process;
    const rows: MapRow[] = [];
    for (let vma = mm.index.find(from); vma !== NO_VMA && rows.length < most; vma = mm.index.next(vma)) {
      const row = { ...mapRow(mm.view(vma), ''), shownFlags };
      if (row.start >= to) break;
      rows.push(row);
    }
    return rows;
  }
}
