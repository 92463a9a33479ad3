import { type CallSyntax, decimal, fd, flags, list, printQuoted, readQuoted, readTexts } from './callSyntax.ts';
import { SEEK_WHENCE } from './flagTables.ts';
import { arrayItems, structFields } from './splitArgs.ts';
import type { LseekArgs, ReadArgs, StraceText } from './straceArgs.ts';
import { formatFd, readFd } from './straceFd.ts';

/** `read(3, "7f12"..., 4096)`, `pread64(3, "7f12"..., 4096, 0)` */
export const read: CallSyntax<ReadArgs> = {
  read(c) {
    const [descriptor = '', data = '', count = '', offset] = readTexts(c);
    return {
      fd: readFd(c, descriptor),
      data: readQuoted(c, data),
      count: c.numberOf(count),
      offset: offset === undefined ? null : c.numberOf(offset),
    };
  },
  print: ({ fd: descriptor, data, count, offset }) =>
    `${formatFd(descriptor)}, ${printQuoted(data)}, ${count}${offset === null ? '' : `, ${offset}`}`,
};

/** `readv(3, [{iov_base="7f", iov_len=2}, {iov_base="12"..., iov_len=4096}], 2)`: as one read of all. */
export const readv: CallSyntax<ReadArgs> = {
  read(c) {
    const [descriptor = '', vector = ''] = readTexts(c);
    const items = (arrayItems(vector) ?? []).map((item) => structFields(item));
    const parts = items.map((fields) => readQuoted(c, fields?.get('iov_base') ?? '...'));
    const lengths = items.map((fields) => (fields === null ? 0 : c.numberOf(fields.get('iov_len') ?? '0')));
    const count = lengths.reduce((sum, length) => sum + length, 0);
    return { fd: readFd(c, descriptor), data: joined(parts), count, offset: null };
  },
  print: ({ fd: descriptor, data, count }) =>
    `${formatFd(descriptor)}, [{iov_base=${printQuoted(data)}, iov_len=${count}}], 1`,
};

/** What is printed of several buffers, up to the first that is cut off. */
function joined(parts: readonly StraceText[]): StraceText {
  const cut = parts.findIndex(({ truncated }) => truncated);
  const whole = cut < 0 ? parts : parts.slice(0, cut + 1);
  return { text: whole.map(({ text }) => text).join(''), truncated: cut >= 0 || parts.length === 0 };
}

/** `lseek(3, 0, SEEK_SET)`: the result is the new place. */
export const lseek: CallSyntax<LseekArgs> = list<LseekArgs>({ fd, offset: decimal, whence: flags(SEEK_WHENCE) });
