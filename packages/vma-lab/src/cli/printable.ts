const BY_NAME: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\u000b': '\\v',
  '\f': '\\f',
  '\r': '\\r',
};

/** C0, DEL, C1, bytes that were no UTF-8, and signs that turn the direction of a text. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Bidi_Control}]/gu;

/** A text of somebody else's as `ls -b` prints it: nothing in it moves the cursor, sets a title or forges a line. */
export function printableText(text: string): string {
  return text.replace(UNPRINTABLE, (sign) => {
    const code = sign.charCodeAt(0);
    if (code > 0xff && code < 0xd800) return `\\u${code.toString(16).padStart(4, '0')}`;
    return BY_NAME[sign] ?? `\\${(code & 0xff).toString(8).padStart(3, '0')}`;
  });
}

/**
 * What is to be drawn, with every text in it printable: names of files and mappings, calls and ids are other people's. Plain data; what is
 * printable already is handed back as it is.
 */
export function printable<T>(value: T): T {
  if (typeof value === 'string') return printableText(value) as T;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof Map) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => printable<unknown>(item));
    return items.some((item, at) => item !== value[at]) ? (items as T) : value;
  }
  const own = Object.entries(value);
  const fields = own.map(([key, one]) => [printableText(key), printable<unknown>(one)] as const);
  if (fields.every(([key, shown], at) => key === own[at]![0] && shown === own[at]![1])) return value;
  return Object.fromEntries(fields) as T;
}

/** JSON on one line. What JSON itself leaves raw of the signs that a terminal obeys is escaped too. */
export function jsonLine(value: unknown): string {
  const escaped = JSON.stringify(value).replace(/\p{Cc}/gu, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `${escaped}\n`;
}
