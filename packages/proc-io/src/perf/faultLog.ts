import { InputError, type InputPlace } from '../inputError.ts';
import { Utf8Stream } from '../utf8.ts';

/** Page faults in the order of their times: of a `perf record`, as {@link FaultParser} reads them. */
export interface FaultLog {
  readonly length: number;
  /** Threads that faulted. */
  readonly tids: readonly number[];
  /** Seconds since 1970, to the microsecond, in the time zone of who printed them. */
  readonly times: readonly number[];
  /** Addresses in bytes. */
  readonly addresses: readonly number[];
  /** What the processor says of each: 2: a write, 4: by the program itself, not the kernel for it. */
  readonly codes: readonly number[];
}

/** `page_fault_user` of `perf script`: `comm 7/7 [000] 2026-11-28 15:08:48.546521: exceptions:page_fault_user: address=0x7f12 ip=0x7f12 error_code=0x6` */
const FAULT =
  /(?:^|\s)(?:\d+\/)?(\d+)\s+(?:\[\d+\]\s+)?(?:(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{6})\d*|(\d+\.\d+)):?\s+exceptions:page_fault_(?:user|kernel):\s+address=(\w+)\s.*error_code=(?:0x)?([0-9a-f]+)\s*$/;

/** Is a line, or its beginning, a page fault as `perf script` prints it? */
export function isFaultLine(line: string): boolean {
  return /\sexceptions:page_fault_(?:user|kernel):\s/.test(line);
}

/** Said of faults by perf's own clock. */
const OTHER_CLOCK =
  'the faults have times of another clock than a log: record with perf record -k CLOCK_MONOTONIC, print with perf script -F trace:tid,tod,event,trace';

/** Reads what `perf script` prints of the events `exceptions:page_fault_user` and `exceptions:page_fault_kernel`, from chunks of any size. */
export class FaultParser {
  readonly #place: InputPlace;
  readonly #utf8 = new Utf8Stream();
  readonly #tids: number[] = [];
  readonly #times: number[] = [];
  readonly #addresses: number[] = [];
  readonly #codes: number[] = [];
  #day = '';
  #midnight = 0;
  #rest = '';
  #lines = 0;
  #isSorted = true;

  /** Lines so far. */
  get lines(): number {
    return this.#lines;
  }

  /** @param file its name in messages */
  constructor({ file }: { readonly file?: string } = {}) {
    this.#place = { file };
  }

  /** Reads the next chunk; bytes are UTF-8. @throws InputError for a line that is no fault, or of a clock that a log cannot have */
  push(chunk: string | Uint8Array): void {
    const text = typeof chunk === 'string' ? chunk : this.#utf8.decode(chunk);
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
  }

  /** The input is over. @throws InputError as {@link push} does */
  end(): FaultLog {
    if (this.#rest !== '') this.#read(this.#rest);
    this.#rest = '';
    const log = { tids: this.#tids, times: this.#times, addresses: this.#addresses, codes: this.#codes };
    return { length: this.#times.length, ...(this.#isSorted ? log : sorted(log)) };
  }

  #read(line: string): void {
    this.#lines++;
    if (line.trim() === '' || line.startsWith('#')) return;
    const [, tid, day, clock, seconds, address = '', code = ''] = FAULT.exec(line) ?? this.#fail(line);
    if (seconds !== undefined || day === undefined || clock === undefined) throw this.#error(OTHER_CLOCK);
    // The kernel's own memory may be named by a symbol.
    if (!/^(?:0x)?[0-9a-f]+$/.test(address)) return;
    const addr = Number.parseInt(address, 16);
    if (addr >= 2 ** 47) return;
    const time = this.#timeOf(day, clock);
    if (time < (this.#times.at(-1) ?? 0)) this.#isSorted = false;
    this.#tids.push(Number(tid));
    this.#times.push(time);
    this.#addresses.push(addr);
    this.#codes.push(Number.parseInt(code, 16));
  }

  #timeOf(day: string, clock: string): number {
    if (day !== this.#day) {
      this.#day = day;
      this.#midnight = Date.parse(`${day}T00:00:00Z`) / 1000;
    }
    const [hours, minutes, seconds] = clock.split(':');
    return this.#midnight + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  }

  #fail(line: string): never {
    throw this.#error(
      `no page fault as perf script prints it (perf record -e exceptions:page_fault_user,exceptions:page_fault_kernel): ${line.slice(0, 80)}`,
    );
  }

  #error(message: string): InputError {
    return new InputError(message, { ...this.#place, line: this.#lines });
  }
}

/** By time; what is at the same time stays as it was. */
function sorted(log: Omit<FaultLog, 'length'>): Omit<FaultLog, 'length'> {
  const order = log.times.map((_, at) => at).sort((a, b) => log.times[a]! - log.times[b]! || a - b);
  const ordered = (column: readonly number[]): number[] => order.map((at) => column[at]!);
  return {
    tids: ordered(log.tids),
    times: ordered(log.times),
    addresses: ordered(log.addresses),
    codes: ordered(log.codes),
  };
}
