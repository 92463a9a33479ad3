import { deflateSync, Inflate, strFromU8, strToU8 } from 'fflate';
import type { FaultAssumption } from 'fork-sim';
import { FAULTS } from '../words/faultPhrases.ts';
import { copiesOfOldLink, type OwnProfile } from './ownKernel.ts';

/** All that a link to the playground says. */
export interface ShareState {
  /** Scenario lines, or system calls as strace prints them. */
  readonly text: string;
  /** Profile of the first pane. */
  readonly profile: string;
  /** Profile of the second pane; absent: one pane. */
  readonly other?: string;
  /** Step shown, from 0. */
  readonly step?: number | undefined;
  /** Page whose walk through the page table is lit; absent: the reader chose none. */
  readonly page?: number;
  /** Pages that are drawn: the first, and the first that is not; absent: all that is used. */
  readonly view?: readonly [from: number, to: number] | undefined;
  /** Kernel built with CONFIG_MEM_SOFT_DIRTY. */
  readonly softDirty?: boolean;
  /** Fields in which one's own profile differs from the one it is made from. */
  readonly own?: OwnProfile;
  /** Files that are shown in the place of the editor: a log, or a map, and what goes with it. */
  readonly files?: readonly SharedFile[] | undefined;
  /** Of a log: when its private memory counts as written; absent: nobody chose. */
  readonly faults?: FaultAssumption | undefined;
}

/** A file that a link carries, unpacked. */
interface SharedFile {
  readonly name: string;
  readonly text: string;
}

/** Bytes that a link may unpack to: more than any link holds that this site makes, and little enough for a tab. */
const MOST_BYTES: number = 2 ** 24;
/** Characters of a text for the editor, which is read at every key. */
const LONGEST_TEXT: number = 2 ** 18;
/** Packed bytes that are unpacked at once: they become some thousand times as many at most. */
const PIECE = 1024;

/** A link that cannot be opened: cut off, or made by a newer version. */
export class ShareError extends Error {
  override readonly name = 'ShareError';
}

/**
 * Writes a state as a URL fragment: `v1.` and the deflated JSON in URL-safe base64 without padding.
 * The format is described on the page "Links"; what a version wrote, later ones open.
 */
export function encodeShare(state: ShareState): string {
  return `v1.${toBase64Url(deflateSync(strToU8(JSON.stringify(state)), { level: 9 }))}`;
}

/**
 * Reads a fragment that {@link encodeShare} wrote, with or without `#`. Also takes `v0.`: scenario lines, percent-encoded, with
 * `;` between them, as one writes by hand.
 * @throws ShareError
 */
export function decodeShare(fragment: string): ShareState {
  const text = fragment.replace(/^#/, '');
  if (text.startsWith('v0.')) return readPlain(text.slice(3));
  if (!text.startsWith('v1.')) throw new ShareError('this link was made by a version that this page does not know');
  let value: unknown;
  try {
    value = JSON.parse(strFromU8(inflateBounded(fromBase64Url(text.slice(3)))));
  } catch (error) {
    if (error instanceof ShareError) throw error;
    throw new ShareError('this link is cut off or was changed on the way');
  }
  return checkShare(value);
}

/** Unpacks what a link holds, and stops where that is more than {@link MOST_BYTES}. @throws ShareError */
function inflateBounded(packed: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let whole = false;
  const inflate = new Inflate((piece, last) => {
    pieces.push(piece);
    length += piece.length;
    whole ||= last;
  });
  for (let at = 0; at < packed.length && !whole; at += PIECE) {
    inflate.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length);
    if (length > MOST_BYTES) throw new ShareError(`this link unpacks to more than ${MOST_BYTES / 2 ** 20} MB`);
  }
  const bytes = new Uint8Array(length);
  let end = 0;
  for (const piece of pieces) {
    bytes.set(piece, end);
    end += piece.length;
  }
  return bytes;
}

/** `v0.6.19:mmap 10+4 rw;guard 12`, percent-encoded; the profile may be left out. */
function readPlain(text: string): ShareState {
  let plain: string;
  try {
    plain = decodeURIComponent(text);
  } catch {
    throw new ShareError('this link has a broken percent sign');
  }
  const match = /^([\w.-]+):/.exec(plain);
  const lines = match ? plain.slice(match[0].length) : plain;
  return {
    text: lines
      .split(';')
      .map((line) => line.trim())
      .join('\n'),
    profile: match?.[1] ?? '6.19',
  };
}

function checkShare(value: unknown): ShareState {
  const state = value as Partial<Record<keyof ShareState, unknown>> | null;
  if (typeof state !== 'object' || state === null || typeof state.text !== 'string') {
    throw new ShareError('this link holds no scenario');
  }
  if (state.text.length > LONGEST_TEXT) {
    throw new ShareError(
      `this link holds a text of ${state.text.length} characters, which is too long for the editor: open it as a file`,
    );
  }
  return {
    text: state.text,
    profile: typeof state.profile === 'string' ? state.profile : '6.19',
    ...(typeof state.other === 'string' ? { other: state.other } : {}),
    ...(Number.isInteger(state.step) ? { step: state.step as number } : {}),
    ...(Number.isInteger(state.page) ? { page: state.page as number } : {}),
    ...(isView(state.view) ? { view: state.view } : {}),
    ...(state.softDirty === true ? { softDirty: true } : {}),
    ...filesOf(state.files),
    ...faultsOf(state.faults),
    ...ownOf(state.own),
  };
}

/** Links written before `needsCopyDst` and `needsCopySrc` have `copyOnFork` in their place. */
type LinkedProfile = Partial<Record<keyof OwnProfile | 'copyOnFork', unknown>>;

function ownOf(value: unknown): { readonly own?: OwnProfile } {
  const own = value as LinkedProfile | null | undefined;
  if (typeof own !== 'object' || own === null || typeof own.from !== 'string') return {};
  const copies =
    own.needsCopyDst === undefined && own.needsCopySrc === undefined
      ? copiesOfOldLink(own.from, names(own.copyOnFork))
      : { needsCopyDst: names(own.needsCopyDst), needsCopySrc: names(own.needsCopySrc) };
  return {
    own: {
      from: own.from,
      sticky: names(own.sticky),
      ignoreMerge: names(own.ignoreMerge),
      ...copies,
      mergeReturnsFlags: own.mergeReturnsFlags === true,
    },
  };
}

function filesOf(value: unknown): { readonly files?: readonly SharedFile[] } {
  if (!Array.isArray(value)) return {};
  const files = value.flatMap((one: Partial<Record<keyof SharedFile, unknown>> | null) =>
    typeof one?.name === 'string' && typeof one.text === 'string' ? [{ name: one.name, text: one.text }] : [],
  );
  return files.length > 0 ? { files } : {};
}

function faultsOf(value: unknown): { readonly faults?: FaultAssumption } {
  const known = FAULTS.find((one) => one.value === value);
  return known === undefined ? {} : { faults: known.value };
}

function isView(value: unknown): value is readonly [number, number] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [from, to] = value as unknown[];
  return (
    Number.isSafeInteger(from) && Number.isSafeInteger(to) && (from as number) >= 0 && (from as number) < (to as number)
  );
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = Math.min(4, bytes.length - i + 1);
    for (let d = 0; d < digits; d++) text += DIGITS[(word >> (18 - 6 * d)) & 63];
  }
  return text;
}

function fromBase64Url(text: string): Uint8Array {
  const bytes: number[] = [];
  let word = 0;
  let bits = 0;
  for (const digit of text) {
    const value = DIGITS.indexOf(digit);
    if (value < 0) throw new ShareError(`"${digit}" does not belong in a link`);
    word = ((word << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((word >> bits) & 255);
  }
  return Uint8Array.from(bytes);
}
