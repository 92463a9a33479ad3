import type { OpHelp } from '../scenario/operations.ts';
import type { Window } from '../scenario/scenario.ts';
import { KERNELS_FORM, parseKernels } from './kernelSet.ts';
import type { HeaderName } from './litmus.ts';

/** A value of a header line that is not what it must be. */
export class HeaderError extends Error {
  override readonly name = 'HeaderError';
}

interface Header extends OpHelp {
  /** Finds what is wrong with a value. @throws HeaderError or KernelSetError */
  check(value: string): void;
}

const onOff = (value: string): void => {
  if (value !== 'on' && value !== 'off') throw new HeaderError(`must be on or off, not "${value}"`);
};
const some = (value: string): void => {
  if (value === '') throw new HeaderError('must say something');
};
const wholeFrom1 = (value: string): void => {
  if (!/^[1-9]\d{0,10}$/.test(value)) throw new HeaderError(`must be a number of pages, not "${value}"`);
};

/** The header lines, which stand before the first operation, in the order in which help lists them. */
export const HEADERS: { readonly [Name in HeaderName]: Header } = {
  source: { form: 'source: the review of the series', says: 'Where the behaviour was told of.', check: some },
  kernels: {
    form: 'kernels: from 6.16',
    says: `The kernels that the file is about; on the others it is not applicable. Written ${KERNELS_FORM}.`,
    check: (value) => void parseKernels(value),
  },
  'soft-dirty': {
    form: 'soft-dirty: on',
    says: 'The kernel tracks soft-dirty pages. Without this line it does not.',
    check: onOff,
  },
  'fault-around': {
    form: 'fault-around: 16',
    says: 'Pages that a read fault of a file maps at once: a power of two. Without this line 1.',
    check: (value) => {
      wholeFrom1(value);
      if (Number(value) > 512 || (Number(value) & (Number(value) - 1)) !== 0)
        throw new HeaderError(`must be a power of two up to 512, not "${value}"`);
    },
  },
  id: { form: 'id: guard.merge', says: 'A name other than that of the file.', check: some },
  tags: { form: 'tags: guard, fork', says: 'Words to find it by.', check: some },
  span: { form: 'span: 4096', says: 'Pages of the arena. Without this line 64.', check: wholeFrom1 },
  reserve: { form: 'reserve: on', says: 'Everything outside the arena is mapped.', check: onOff },
  window: {
    form: 'window: low 0+16',
    says: 'A part of a wide arena that is looked at page by page.',
    check: (value) => {
      if (windowOf(value) === null)
        throw new HeaderError(`must be a name and pages, such as "low 0+16", not "${value}"`);
    },
  },
};

/** The window that a header line says. */
export function windowOf(value: string): Window | null {
  const [, name, first, count] = /^(\S*) (\d+)\+(\d+)$/.exec(value) ?? [];
  return name === undefined ? null : [name === '""' ? '' : unescapeText(name), Number(first), Number(count)];
}

/** The value of a `window:` line. */
export function windowText([name, first, count]: Window): string {
  return `${name === '' ? '""' : escapeText(name, /[\s"]/g)} ${first}+${count}`;
}

/** Writes what would end a line, or would be lost at one of its ends, as `%0a`. `also`: other characters that mean something here. */
export function escapeText(text: string, also?: RegExp): string {
  const code = (char: string): string => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  const plain = text.replace(/%(?=[0-9a-f]{2})/gi, '%25').replace(/\p{Cc}|^ | $/gu, code);
  return also === undefined ? plain : plain.replace(also, code);
}

/** Reads what {@link escapeText} wrote. */
export function unescapeText(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
