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
  if (isPlain(text)) return text;
  return text.replace(UNPRINTABLE, (sign) => {
    const code = sign.charCodeAt(0);
    if (code > 0xff && code < 0xd800) return `\\u${code.toString(16).padStart(4, '0')}`;
    return BY_NAME[sign] ?? `\\${(code & 0xff).toString(8).padStart(3, '0')}`;
  });
}

/** {@link printableText} of each line. */
export function printableLines(text: string): string {
  return text.split('\n').map(printableText).join('\n');
}

/** ASCII without control characters, as nearly every text is: known without a regular expression. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

/**
 * What is to be drawn, with every text in it printable: names of files and mappings, calls and ids are other people's. Plain data; what is
 * printable already is handed back as it is.
 */
export function printable<T>(value: T): T {
  if (typeof value === 'string') return printableText(value) as T;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof Map) return value;
  return (Array.isArray(value) ? printableItems(value) : printableFields(value as Fields)) as T;
}

type Fields = Readonly<Record<string, unknown>>;

// A map may have 65,530 VMAs of twenty fields: nothing is made of what is printable, and nothing is looked at twice.

function printableItems(items: readonly unknown[]): readonly unknown[] {
  let made: unknown[] | null = null;
  for (const [at, item] of items.entries()) {
    const shown = printable(item);
    if (shown !== item) made ??= items.slice(0, at);
    made?.push(shown);
  }
  return made ?? items;
}

function printableFields(fields: Fields): Fields {
  const keys = Object.keys(fields);
  for (const [at, key] of keys.entries()) {
    const [name, value] = [printableText(key), printable(fields[key])];
    if (name === key && value === fields[key]) continue;
    const before = keys.slice(0, at).map((one) => [one, fields[one]] as const);
    const behind = keys.slice(at + 1).map((one) => [printableText(one), printable(fields[one])] as const);
    return Object.fromEntries([...before, [name, value], ...behind]);
  }
  return fields;
}

/** JSON on one line. What JSON itself leaves raw of the signs that a terminal obeys is escaped too. */
export function jsonLine(value: unknown): string {
  const escaped = JSON.stringify(value).replace(/[\p{Cc}\p{Bidi_Control}]/gu, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `${escaped}\n`;
}
