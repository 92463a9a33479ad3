/** A name as a bar has room for: the file without its folders. */
export function shortName(name: string): string {
  if (name.startsWith('[')) return name;
  return name.split('/').at(-1) ?? name;
}

/** `64k`, `4.2M`, `41.5T`: sizes where there is little room. */
export function shortSize(pages: number): string {
  let value = pages * 4;
  for (const unit of ['k', 'M', 'G']) {
    if (value < 1024) return `${round(value)}${unit}`;
    value /= 1024;
  }
  return `${round(value)}T`;
}

function round(value: number): string {
  return value < 10 && value % 1 !== 0 ? value.toFixed(1) : value.toFixed(0);
}

/** A range as maps prints it. */
export function rangeText(start: number, end: number): string {
  return `${start.toString(16)}-${end.toString(16)}`;
}
