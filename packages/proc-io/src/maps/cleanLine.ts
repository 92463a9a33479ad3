/** Longer lines are searched for nothing: no kernel prints such a mapping. */
const MAX_SEARCHED = 1 << 14;

// The signs by which a terminal is told of colours.
const COLOURS = new RegExp(`${String.fromCharCode(0x1b)}\\[[0-9;]{0,20}[A-Za-z]`, 'g');

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&nbsp;': ' ' };

/** A line without colours, quote marks (`> `), indentation and what a web page made of it. */
export function cleanLine(line: string): string {
  if (line.length > MAX_SEARCHED) return line;
  return line
    .replace(COLOURS, '')
    .replace(/&(?:lt|gt|amp|nbsp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/^[>\s]*(?=\S)/, '')
    .replace(/\r$/, '');
}

/** A mapping behind other text, such as the prefix that a log gives its lines. */
const MAPPING =
  /(?:^|[^0-9A-Za-z"'\\])([0-9a-f]{4,16}-[0-9a-f]{4,16}[ \t]{1,40}[-r][-w][-x][-psS][ \t]{1,40}[0-9a-f]{1,16}[ \t]{1,40}[0-9a-f]{1,8}:[0-9a-f]{1,8}[ \t]{1,40}\d{1,20}(?:[ \t].*)?)$/;

/** A line of smaps behind other text: one whose key kernels have, as anything may have a colon in it. */
const FIELD =
  /[\s\]|:>]((?:Size|KernelPageSize|MMUPageSize|Rss|Pss(?:_\w{1,20})?|(?:Shared|Private)_\w{1,20}|Referenced|Anonymous|KSM|LazyFree|AnonHugePages|ShmemPmdMapped|FilePmdMapped|Swap(?:Pss)?|Locked|THPeligible|ProtectionKey|VmFlags):[ \t].*)$/;

/** The line of maps or smaps that a line holds behind other text; `null`: none. */
export function lineWithin(line: string): string | null {
  if (line.length > MAX_SEARCHED) return null;
  return (MAPPING.exec(line) ?? FIELD.exec(line))?.[1] ?? null;
}
