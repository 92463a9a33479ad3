import { TERMINAL_COLOURS } from 'fork-sim/picture';
import pc from 'picocolors';
import type { CliIo } from './cliIo.ts';

type Paint = (text: string) => string;

/** Colours by what they mean, and the signs that have a plain-ASCII stand-in. */
export interface Style {
  /** Widest line that is drawn. */
  readonly width: number;
  readonly ascii: boolean;
  readonly bold: Paint;
  readonly dim: Paint;
  /** What matches, what is safe. */
  readonly good: Paint;
  /** What differs, what fails. */
  readonly bad: Paint;
  /** What to look at. */
  readonly note: Paint;
  /** Colours of memory, the same in every picture: by what backs it. */
  readonly anonymous: Paint;
  readonly file: Paint;
  readonly shared: Paint;
  readonly special: Paint;
  readonly guard: Paint;
  readonly sign: Signs;
}

/** Signs of the visual language, each with its plain-ASCII stand-in. */
const SIGNS = {
  wall: ['‖', '||'],
  seam: ['┊', '|'],
  differs: ['≠', '!='],
  arrow: ['→', '->'],
  times: ['×', 'x'],
  dash: ['–', '-'],
  check: ['✓', 'ok'],
  cross: ['✗', 'NO'],
  rule: ['─', '-'],
  gap: ['⋯', '...'],
  ellipsis: ['…', '...'],
  /** Fill of a bar by protection: none, read, write, exec. */
  none: ['▁', '_'],
  read: ['░', 'r'],
  write: ['█', 'w'],
  exec: ['▚', 'x'],
  guard: ['G', 'G'],
  copy: ['=', '='],
  refault: ['~', '~'],
} as const;

type Signs = { readonly [sign in keyof typeof SIGNS]: string };

function signs(ascii: boolean): Signs {
  return Object.fromEntries(Object.entries(SIGNS).map(([name, pair]) => [name, pair[ascii ? 1 : 0]])) as Signs;
}

/** Widest line that is drawn where the terminal does not say, or is wider. */
const DEFAULT_WIDTH = 100;

/** What a command line says of it. */
export interface StyleOptions {
  readonly ascii?: boolean;
  readonly json?: boolean;
}

/** For a file: no colours, any sign. */
export function plainStyle(io: CliIo): Style {
  return chooseStyle({ ...io, outIsTerminal: false, env: {} }, {});
}

/**
 * Chooses colours and signs: no colour when piped or NO_COLOR is set (FORCE_COLOR overrides the pipe); plain ASCII when asked
 * for, on a `dumb` terminal, or in a locale that names another encoding than UTF-8.
 */
export function chooseStyle(io: CliIo, options: StyleOptions): Style {
  const { env } = io;
  const isSet = (name: string): boolean => env[name] !== undefined && env[name] !== '';
  const colours = !isSet('NO_COLOR') && (io.outIsTerminal || isSet('FORCE_COLOR')) && options.json !== true;
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== '');
  const otherEncoding = locale?.includes('.') === true && !/utf-?8/i.test(locale);
  const ascii = options.ascii === true || env.TERM === 'dumb' || otherEncoding;
  const c = pc.createColors(colours && env.TERM !== 'dumb');
  return {
    width: Math.max(60, Math.min(io.columns ?? DEFAULT_WIDTH, DEFAULT_WIDTH)),
    ascii,
    bold: c.bold,
    dim: c.dim,
    good: c[TERMINAL_COLOURS.ok],
    bad: c[TERMINAL_COLOURS.error],
    note: c[TERMINAL_COLOURS.note],
    anonymous: c[TERMINAL_COLOURS.anonymous],
    file: c[TERMINAL_COLOURS.file],
    shared: c[TERMINAL_COLOURS.shared],
    special: c[TERMINAL_COLOURS.special],
    guard: c[TERMINAL_COLOURS.guard],
    sign: signs(ascii),
  };
}
