/**
 * Reads `/proc/PID/status` and other files of `Key: value` lines. Lines of another form are left out: the file is
 * read for single values, not reprinted.
 */
export function parseProcStatus(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) values.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return values;
}

/** The value of a key in kB, such as `VmPTE` (page tables); `undefined` where the kernel does not print it. */
export function statusKb(values: ReadonlyMap<string, string>, key: string): number | undefined {
  const number = /^(\d+) kB$/.exec(values.get(key) ?? '');
  return number === null ? undefined : Number(number[1]);
}
